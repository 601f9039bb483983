import Kernels

/// One `--tiling KERNEL:M=64,N=64,K=32,warps=4,stages=4`. It replaces parts of a kernel's default tiling.
package struct TilingOption: Equatable, Sendable {
    /// Short name of the kernel. If no kernel has the written name, it is that name.
    package let kernel: String
    /// The fields as written.
    package let fields: String

    /// Divides an option at its colon.
    /// - Throws: `WorkloadError.malformedTilingOption`.
    package init(_ text: String) throws(WorkloadError) {
        guard let colon = text.firstIndex(of: ":"), colon > text.startIndex else {
            throw .malformedTilingOption(text: text)
        }
        let name = String(text[..<colon])
        kernel = Registry.kernel(named: name)?.name ?? name
        fields = String(text[text.index(after: colon)...])
    }

    /// `base` with this option's fields in place of its own.
    /// - Throws: `KernelError` for a field that cannot be read.
    package func tiling(base: Tiling) throws(KernelError) -> Tiling { try Tiling(parsing: fields, base: base) }
}
