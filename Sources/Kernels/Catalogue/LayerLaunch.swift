/// One launch of a layer, without the layer's sizes.
package struct LayerLaunch: Sendable {
    package let kernel: KernelDescription
    /// Which part of the training step launches it.
    package var pass: SSDPass
    /// Whose gradient bmm_ch_bwd makes. Other kernels ignore it.
    package var factor: ProductFactor
    /// Whether the framework's own launches before and after it belong to it.
    package var hasFramework: Bool
    /// The launch's tiling. Nil takes the default.
    package var tiling: Tiling?

    /// - Parameter pass: nil takes the pass of the kernel's description.
    package init(
        _ kernel: KernelDescription, pass: SSDPass? = nil, factor: ProductFactor = .b, hasFramework: Bool = false,
        tiling: Tiling? = nil
    ) {
        self.kernel = kernel
        self.pass = pass ?? kernel.pass
        self.factor = factor
        self.hasFramework = hasFramework
        self.tiling = tiling
    }
}
