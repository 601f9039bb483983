import Trace

/// Operators whose launches follow one rule. A family is a folder and a line in `OperatorRegistry.families`.
package protocol OperatorFamily: Sendable {
    /// Names of the operators, without `aten::` and without the mark of an operator in place (`Operator.base`).
    var operators: [String] { get }
    var category: OperatorCategory { get }
    /// The category of one of its operators.
    func category(of op: Operator) -> OperatorCategory
    /// The category of one of its launches.
    func category(of launch: any BlockProgramSource) -> OperatorCategory
    /// The floating-point operations that the operator asks for; nil where they are counted as they are executed.
    func operations(of op: Operator) -> Double?
    /// The launches that PyTorch makes for `op`, in order. An operator that only looks at memory in another way has
    /// none.
    /// - Returns: nil where the family does not know what is launched for these tensors. The operator is then
    ///   estimated.
    /// - Throws: `OperatorDefect` where the operator's tensors or attributes cannot be its own.
    func launches(of op: Operator, places: inout TensorPlaces) throws(OperatorDefect) -> [any BlockProgramSource]?
}

extension OperatorFamily {
    package func category(of op: Operator) -> OperatorCategory { category }
    package func category(of launch: any BlockProgramSource) -> OperatorCategory { category }
    package func operations(of op: Operator) -> Double? { nil }
}

/// Every operator that has a generator.
package enum OperatorRegistry {
    /// The families. A new one needs its folder and a line here.
    package static let families: [any OperatorFamily] = [
        ViewFamily(), ElementwiseFamily(), CopyFamily(), FillFamily(), ConcatenationFamily(), LayerNormFamily(),
        BatchNormFamily(), SoftmaxFamily(), GatherFamily(), IndexAddFamily(), LossFamily(), OptimizerFamily(),
        MatrixFamily(), CausalConvolutionFamily(), SelectiveScanFamily(), ChunkScanFamily(), TritonNormFamily(),
        ReductionFamily(), RunningSumFamily(), EmbeddingGradientFamily(), IndexPutFamily(), RangeFamily(),
        AttentionFamily(), ConvolutionFamily(), RandomFamily(),
    ]

    private static let byName = Dictionary(
        families.flatMap { family in family.operators.map { ($0, family) } }, uniquingKeysWith: { first, _ in first })

    /// The family that knows the operator; nil where none does.
    package static func family(of op: Operator) -> (any OperatorFamily)? { byName[op.base] }
}
