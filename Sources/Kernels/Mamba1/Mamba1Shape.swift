/// The problem that a Mamba-1 call solves: sizes and options of the selective scan and the causal convolution.
package struct Mamba1Shape: Equatable, Sendable {
    package var batch: Int
    /// Channels. In Mamba-1 these are twice the model's width.
    package var dim: Int
    package var sequenceLength: Int
    package var stateDim = 16
    /// Groups that share B and C.
    package var groups = 1
    /// Type of the activations and of the convolution's weights. The scan's parameters and states and the sums of
    /// gradients are fp32.
    package var elementType: ElementType = .bf16

    // MARK: Selective scan

    /// Whether the scan's output is gated by z.
    package var hasGate = false
    /// Whether the parameter D adds a skip connection.
    package var hasSkip = true
    package var hasTimeStepBias = true
    package var hasSoftplus = true
    /// Whether the gated backward scan also stores the gated output again, as the fused Mamba-1 block demands.
    package var recomputesOutput = false

    // MARK: Convolution

    /// Taps of the convolution, 2 to 4.
    package var width = 4
    /// Whether channels lie side by side (as in Mamba-2) rather than positions.
    package var isChannelLast = false
    package var hasBias = true
    package var hasSiLU = true

    /// Multiprocessors of the device. They decide how many blocks have local memory of their own at once.
    package var multiprocessorCount = 132

    package init(batch: Int, dim: Int, sequenceLength: Int) {
        self.batch = batch
        self.dim = dim
        self.sequenceLength = sequenceLength
    }
}

extension Mamba1Shape {
    /// Largest extent of any size. Products of a few such sizes do not overflow.
    private static let largest = 1 << 24
    /// Most blocks along a grid's second side.
    private static let largestGridSide = 65535
    /// Most states that the scan's shared memory has room for.
    package static let mostStates = 256

    /// Checks that a launch of this shape exists.
    ///
    /// - Throws: `KernelError.badShape` naming the first field that is wrong.
    package func validate() throws(KernelError) {
        let fields = [
            ("batch", batch), ("dim", dim), ("sequence length", sequenceLength), ("state dim", stateDim),
            ("groups", groups),
            ("multiprocessor count", multiprocessorCount),
        ]
        for (name, value) in fields {
            guard value > 0 else { throw .badShape(field: name, value: value, cure: "give at least 1") }
            guard value <= Self.largest else {
                throw .badShape(field: name, value: value, cure: "give at most \(Self.largest)")
            }
        }
        guard stateDim <= Self.mostStates else {
            throw .badShape(field: "state dim", value: stateDim, cure: "give at most \(Self.mostStates)")
        }
        guard dim % groups == 0 else {
            throw .badShape(field: "groups", value: groups, cure: "give a divisor of the \(dim) channels")
        }
        guard (2...4).contains(width) else {
            throw .badShape(field: "convolution width", value: width, cure: "give 2, 3 or 4")
        }
        guard elementType != .i32 else {
            throw .badShape(field: "element type", value: 32, cure: "give bf16, f16 or f32 for values")
        }
        guard isChannelLast || dim <= Self.largestGridSide else {
            throw .badShape(
                field: "dim", value: dim,
                cure: "give at most \(Self.largestGridSide), the rows of blocks that a grid holds")
        }
        guard !isChannelLast || dim % 8 == 0 else {
            throw .badShape(field: "dim", value: dim, cure: "give a multiple of 8 where channels lie side by side")
        }
        let positions = batch * sequenceLength
        guard positions <= 1 << 30, positions * max(dim, groups * stateDim) <= 1 << 42 else {
            throw .badShape(
                field: "sequence length", value: sequenceLength,
                cure: "with batch \(batch) and these sizes a tensor exceeds 8 TiB; make it smaller")
        }
    }
}
