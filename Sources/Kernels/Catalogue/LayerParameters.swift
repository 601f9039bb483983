/// What describes the problem of a layer's kernels: a model, and the values that replace some of its sizes and choices.
package struct LayerParameters: Equatable, Sendable {
    package var model: String?
    package var batch = 1
    package var sequenceLength = 4096
    package var chunkSize: Int?
    package var heads: Int?
    package var headDim: Int?
    package var groups: Int?
    package var stateDim: Int?
    package var dim: Int?
    package var width: Int?
    package var channelLast = false
    package var dtype = ElementType.bf16
    package var timeStepDtype: ElementType?
    package var d: SkipParameter?
    package var gate = false
    package var sequenceIndex = false
    package var initialStates = false
    package var noTimeStepBias = false
    package var packed = false
    package var withGlue = false

    package init() {}
}
