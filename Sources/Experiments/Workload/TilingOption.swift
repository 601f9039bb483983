import Kernels

/// One `--tiling KERNEL:M=64,N=64,K=32,warps=4,stages=4`: what replaces parts of a kernel's default tiling.
package struct TilingOption: Equatable, Sendable {
    /// Short name of the kernel, not yet looked up.
    package let kernel: String
    /// The fields as written.
    package let fields: String

    /// Divides an option at its colon.
    /// - Throws: `ExperimentError.malformedTilingOption`.
    package init(_ text: String) throws(ExperimentError) {
        guard let colon = text.firstIndex(of: ":"), colon > text.startIndex else {
            throw .malformedTilingOption(text: text)
        }
        kernel = String(text[..<colon])
        fields = String(text[text.index(after: colon)...])
    }

    /// The default tiling of the kernel at `shape`, with this option's fields in place of its own.
    /// - Throws: `KernelError` for a field that cannot be read; `Registry` judges the whole.
    package func tiling(shape: SSDShape) throws(KernelError) -> Tiling {
        try tiling(base: try TilingTable.defaultTiling(kernel: kernel, shape: shape))
    }

    /// `base` with this option's fields in place of its own.
    /// - Throws: `KernelError` for a field that cannot be read.
    package func tiling(base: Tiling) throws(KernelError) -> Tiling { try Tiling(parsing: fields, base: base) }
}
