import Trace

/// Warp instructions per warp of the convolution's kernels, from the number of taps and of outputs a thread.
///
/// The prices are read off the SASS of the compiled kernels with 2, 3 and 4 taps (see `ConvolutionResources`).
struct ConvolutionCost: Sendable {
    /// Before the first load's wait.
    let entry: ComputeWork
    /// One chunk, or the whole block's work where the block has a single chunk.
    let chunk: ComputeWork
    /// After the last chunk.
    let exit: ComputeWork

    /// What the channel-first kernels add for one thread and chunk where elements move one by one. `rows` rows are
    /// moved.
    private static func guarded(_ rows: Double, outputs: Double, isVector: Bool) -> InstructionMix {
        var mix = InstructionMix()
        // Each element needs an address and a mask, a load or store, and two accesses to shared memory. Narrow accesses
        // count as in `SelectiveScanCost`.
        if !isVector { mix.add(InstructionMix(fma: 1, alu: 4.8, shuffle: 3, other: 0.7), times: rows * outputs) }
        return mix
    }

    static func forward(_ shape: Mamba1Shape, isVector: Bool) -> ConvolutionCost {
        let taps = Double(shape.width)
        let outputs = 16 / Double(shape.elementType.byteCount)
        var chunk = InstructionMix(alu: 9 + 3 * taps, memory: 5, other: 17)
        chunk.add(InstructionMix(fma: taps, alu: 2), times: outputs)
        chunk.add(shape.hasSiLU ? InstructionMix(fma: 3, special: 2) : InstructionMix(alu: 0.5), times: outputs)
        chunk += guarded(2, outputs: outputs, isVector: isVector)
        return ConvolutionCost(
            entry: InstructionMix(fma: 12, alu: 16 + 2 * taps, memory: 2 + taps, other: 26).work, chunk: chunk.work,
            exit: InstructionMix(other: 1).work)
    }

    static func backward(_ shape: Mamba1Shape, isVector: Bool) -> ConvolutionCost {
        let taps = Double(shape.width)
        let outputs = 16 / Double(shape.elementType.byteCount)
        var chunk = InstructionMix(alu: 45, memory: 6, other: 17)
        chunk.add(InstructionMix(fma: 2 * taps + 1), times: outputs)
        if shape.hasSiLU {
            chunk.add(InstructionMix(fma: taps + 6.5, special: 2), times: outputs)
            chunk += InstructionMix(alu: 2, memory: 5, other: 19)
        }
        chunk += guarded(3, outputs: outputs, isVector: isVector)
        var exit = InstructionMix(fma: 4, alu: 16, memory: 6, other: 20)
        // Adds up each tap's gradient, and the bias's. Shuffles add over lanes, then one warp adds over warps through
        // shared memory.
        exit.add(InstructionMix(fma: 3.5, memory: 1.5, shuffle: 5, other: 5), times: taps + (shape.hasBias ? 1 : 0))
        return ConvolutionCost(
            entry: InstructionMix(fma: 8, alu: 22 + 2 * taps, memory: 4 + taps, other: 38).work, chunk: chunk.work,
            exit: exit.work)
    }

    /// Outputs of a thread of the channel-last kernels.
    private static func outputs(_ shape: Mamba1Shape, chunk: Int) -> Double {
        Double(chunk * 128 / shape.elementType.byteCount / ConvolutionArguments.threads)
    }

    static func channelLastForward(_ shape: Mamba1Shape, chunk: Int) -> ConvolutionCost {
        let taps = Double(shape.width)
        let outputs = outputs(shape, chunk: chunk)
        var mix = InstructionMix(fma: 4, alu: 10 + 13 * taps, memory: 20 + 2 * taps, other: 30)
        // Elements of two rows lie in one bank, so each access takes two cycles. They are counted as half a wide and
        // half a narrow access.
        mix.add(InstructionMix(fma: taps, alu: 3.8, memory: 1, shuffle: 1), times: outputs)
        if shape.hasSiLU { mix.add(InstructionMix(fma: 3, special: 2), times: outputs) }
        return ConvolutionCost(
            entry: InstructionMix(fma: 5, alu: 8, memory: 1, other: 20).work, chunk: mix.work,
            exit: InstructionMix(alu: 4, other: 6).work)
    }

    static func channelLastBackward(_ shape: Mamba1Shape, chunk: Int) -> ConvolutionCost {
        let taps = Double(shape.width)
        let outputs = outputs(shape, chunk: chunk)
        var mix = InstructionMix(fma: 7, alu: 90, memory: 5, other: 50)
        mix.add(InstructionMix(fma: 2 * taps + 1.5, alu: 5.7, memory: 1.9, shuffle: 1.9), times: outputs)
        if shape.hasSiLU { mix.add(InstructionMix(fma: taps + 6, special: 2), times: outputs + taps - 1) }
        return ConvolutionCost(
            entry: InstructionMix(fma: 10, alu: 15, memory: 10, other: 25).work, chunk: mix.work,
            exit: InstructionMix(alu: 15, memory: 5, shuffle: taps + 1, other: 25).work)
    }
}
