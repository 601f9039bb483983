/// Kernels that follow from the same sizes and take the same parameters.
///
/// A family is a folder and a line in `Registry.families`.
package protocol KernelFamily: Sendable {
    /// The family's kernels, in the order in which lists name them.
    var kernels: [KernelDescription] { get }
    /// The models whose layers launch them.
    var models: [ModelKind] { get }
    /// Whether the family lays out the tensors of all its launches together, as one call of the library does. The
    /// tensors of other kernels lie behind them, in the order of the launches.
    var isOneCall: Bool { get }
    /// Parameters that change the family's launches in a layer. Those of every kernel are not among them: model, batch,
    /// sequence length, type of values.
    func parameters(in layer: ModelLayer) -> [LayerParameter]
    /// Refuses what no kernel of the family takes. It is called before any source is made.
    /// - Throws: `KernelError`.
    func check(_ layer: ModelLayer, kernel: KernelDescription) throws(KernelError)
    /// The generators of `launches`, which are launches of this family. A launch gives several generators where the
    /// framework's own launches belong to it.
    /// - Parameters:
    ///   - launches: all launches of the run where `isOneCall`, else one.
    ///   - book: the run's tensors. Tensors of earlier launches stay where they are; new ones are added.
    /// - Throws: `KernelError` for sizes and tilings that no kernel takes.
    func sources(
        of launches: [LayerLaunch], layer: ModelLayer, book: inout TensorBook
    ) throws(KernelError) -> [[any KernelGenerator]]
}

extension KernelFamily {
    package var isOneCall: Bool { false }
    package func check(_ layer: ModelLayer, kernel: KernelDescription) throws(KernelError) {}
}
