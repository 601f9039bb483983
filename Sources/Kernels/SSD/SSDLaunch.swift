/// One launch of a call.
package struct SSDLaunch: Equatable, Sendable {
    /// The kernel's short name.
    package let kernel: String
    /// The factor whose gradient bmm_ch_bwd makes.
    package let factor: ProductFactor

    package init(kernel: String, factor: ProductFactor = .b) {
        self.kernel = kernel
        self.factor = factor
    }
}
