/// The names by which measured tables call a kernel.
package struct MeasuredNames: Sendable {
    /// Of a launch in which each tile is a block; nil where no table is read for the kernel.
    package let launch: String?
    /// Of a launch whose persistent blocks loop over the tiles; nil where no table has one.
    package let persistent: String?

    init(_ launch: String?, persistent: String? = nil) {
        self.launch = launch
        self.persistent = persistent
    }

    /// All of them.
    package var all: [String] { [launch, persistent].compactMap { $0 } }
}
