/// Element types of tensors.
package enum ElementType: String, Sendable, CaseIterable {
    case bf16, f16, f32, i32

    /// The types that values can have. i32 is for indices only.
    package static let values = [bf16, f16, f32]

    package var byteCount: Int {
        switch self {
        case .bf16, .f16: 2
        case .f32, .i32: 4
        }
    }
}

/// The skip connection's parameter D: absent, one value a head, or one a head and channel.
package enum SkipParameter: String, Sendable, CaseIterable {
    case none, perHead, perChannel
}

/// The problem that a Mamba-2 SSD call solves: sizes and options, without tilings.
package struct SSDShape: Equatable, Sendable {
    package var batch: Int
    package var sequenceLength: Int
    package var heads: Int
    package var headDim: Int
    package var groups: Int
    package var stateDim: Int
    package var chunkSize: Int
    /// Type of x, B, C, z and out.
    package var elementType: ElementType = .bf16
    /// Type of the raw time step.
    package var timeStepType: ElementType = .bf16
    /// Type of the parameters D and dt_bias.
    package var parameterType: ElementType = .f32
    package var skip: SkipParameter = .perHead
    package var hasTimeStepBias = true
    package var hasGate = false
    package var hasSequenceIndex = false
    package var hasInitialStates = false
    /// Whether the backward pass gets a gradient of the final states.
    package var hasFinalStateGradient = false
    /// Whether inputs are packed as in the fused block: x, B and C are column slices of one convolution output, and z
    /// and dt are column slices of the input projection.
    package var packedLayout = false
    /// Multiprocessors that the launcher sees. It sizes head splits from them.
    package var multiprocessorCount = 132

    package init(
        batch: Int, sequenceLength: Int, heads: Int, headDim: Int, groups: Int, stateDim: Int, chunkSize: Int
    ) {
        self.batch = batch
        self.sequenceLength = sequenceLength
        self.heads = heads
        self.headDim = headDim
        self.groups = groups
        self.stateDim = stateDim
        self.chunkSize = chunkSize
    }

    package var chunkCount: Int { (sequenceLength + chunkSize - 1) / chunkSize }
    package var headsPerGroup: Int { heads / groups }

    /// Valid positions of chunk `chunk`. Only the last chunk can be short.
    package func validLength(ofChunk chunk: Int) -> Int { min(chunkSize, sequenceLength - chunk * chunkSize) }
}
