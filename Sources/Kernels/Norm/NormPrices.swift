/// What the operations of a gated layer norm and of SwiGLU cost in instructions.
///
/// *Source:* compiled with Triton 3.6.0 for sm_90: both norms at 1 to 128 elements a thread, at 8 and at 32 with each
/// option changed alone, and SwiGLU at 1, 4 and 8 elements. Prices of an element are slopes between two sizes. The
/// norms' split of ALU and other instructions follows the four launches of h200_others.csv where it differs from the
/// disassembly's by 10 a row. docs/gated-norm.md has the errors.
enum NormPrices {
    /// One element of a 16-bit load on its way to fp32, or of a result on its way back.
    static let unpack = InstructionMix(alu: 1)
    static let pack = InstructionMix(alu: 0.5)
    /// One access more than 16-byte accesses would need: predicate, address, and the element's move into place.
    static let narrowAccess = InstructionMix(fma: 0.7, alu: 1.1, other: 0.3)
    /// A sum over the block's threads where there are several warps, without its shuffles and shared memory.
    static let blockSum = InstructionMix(alu: 8, other: 5)
    /// One element's z sigmoid(z): exponential, reciprocal, and guards against the ends of their ranges.
    static let gate = InstructionMix(fma: 7.9, alu: 4.75, special: 2, other: 0.3)
    /// One element's share of the gradients of a gate's two factors.
    static let gateGradient = InstructionMix(fma: 15.4, alu: 4.3, special: 2, other: 0.3)

    // MARK: Gated norm, forward

    static let normAddresses = InstructionMix(fma: 5, alu: 5, other: 15)
    /// Once a row: square root and reciprocal, and the division by the number of columns.
    static let normStatistics = InstructionMix(fma: 12, alu: 9, special: 3, other: 15)
    static let normOutput = InstructionMix(fma: 2, alu: 6, other: 5)
    /// One element: mask, square and sum, and its scaling by reciprocal deviation and weight.
    static let squareElement = InstructionMix(fma: 2, alu: 1.75)
    static let scaleElement = InstructionMix(fma: 2.2)
    /// One element: subtraction of the mean, and its sum.
    static let meanElement = InstructionMix(fma: 1.6)
    static let biasElement = InstructionMix(alu: 0.75)

    // MARK: Gated norm, backward

    static let gradientAddresses = InstructionMix(fma: 18, alu: 38, other: 15)
    /// One element of the weight or the bias, which the loop keeps in registers, and the start of its sums.
    static let keptElement = InstructionMix(alu: 1, other: 1.4)
    /// Once a row: the rows' addresses, and the division by the number of columns.
    static let gradientRow = InstructionMix(fma: 16.6, alu: 12, special: 1, other: 2)
    /// One element's gradient and its part of the weight's gradient.
    static let gradientElement = InstructionMix(fma: 6.8, alu: 1.8, other: 0.3)
    /// One element of the second sum, and of the bias's gradient.
    static let meanGradientElement = InstructionMix(fma: 2)
    static let biasGradientElement = InstructionMix(fma: 1)
    /// One element of the recomputed output: scale, bias, and the gate where it comes last.
    static let recomputedElement = InstructionMix(fma: 1.1)
    /// A tensor of partial sums on its way to memory, and one of its elements.
    static let partialSums = InstructionMix(alu: 9, other: 9)
    static let partialSumElement = InstructionMix(alu: 0.3, other: 0.3)

    // MARK: SwiGLU

    static let activationAddresses = InstructionMix(fma: 4, alu: 2, other: 14)
    static let activationOutput = InstructionMix(fma: 3.5, alu: 1, other: 11)
    /// One more tensor of the backward pass.
    static let activationTensor = InstructionMix(fma: 1, alu: 0.5, other: 6)
    static let activationElement = InstructionMix(fma: 0.7)
    static let activationGradientElement = InstructionMix(fma: 5.7, alu: 0.55)
}
