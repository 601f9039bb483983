import Content

/// What can be wrong with kernels to tune. Every one is wrong usage.
package enum TuningError: UserError, Equatable, Sendable {
    /// A kernel to tune whose sizes alone choose its blocks.
    case noTilings(kernel: String)
    /// A kernel of which no tilings were measured, so that nothing says how well they are ranked.
    case notTuned(kernel: String)

    package var isUsage: Bool { true }

    package var description: String {
        switch self {
        case .noTilings(let kernel):
            "\(kernel): sizes alone choose this kernel's blocks, there is nothing to tune; name a kernel of ssd-* or SwiGLU"
        case .notTuned(let kernel):
            "\(kernel): no measured tilings say how well its two are ranked; compare runs with --tiling \(kernel):K=64,warps=8"
        }
    }
}
