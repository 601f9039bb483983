/// Registers and shared memory of the gated layer norm and of SwiGLU.
///
/// Registers come from tables of compiled kernels (Triton 3.6.0, sm_90) for the form of the Mamba-2 block: 16-bit
/// values, gate before a root-mean-square norm, no bias, all vectors in 16-byte accesses. For other forms they are
/// estimated from the number of elements that a thread holds. Shared memory follows from sums and changes of layout,
/// and is exact.
enum NormResources {
    private static let mostRegisters = 255
    /// Registers by the columns of a block.
    private static let forwardRegisters = [
        8: 13, 16: 15, 32: 14, 64: 15, 128: 21, 256: 31, 512: 31, 1024: 31, 2048: 31, 4096: 32, 8192: 50, 16384: 96,
        32768: 196,
    ]
    private static let backwardRegisters = [
        32: 41, 64: 47, 128: 62, 256: 80, 512: 96, 1024: 95, 2048: 96, 4096: 170, 8192: 255,
    ]
    private static let swigluForwardRegisters = [32: 12, 64: 12, 128: 13, 256: 12, 512: 18, 1024: 32]
    private static let swigluBackwardRegisters = [32: 14, 64: 14, 128: 13, 256: 15, 512: 21, 1024: 32]

    static func forward(shape: GatedNormShape, elements: Double, isAligned: Bool) -> CompiledResources {
        let shared = shape.warps > 1 ? 4 * shape.warps : 0
        // A 32-bit weight takes more registers from 8192 columns on.
        let isListed =
            shape.isMambaForm && isAligned && (shape.parameterType.byteCount == 2 || shape.blockColumns < 8192)
        if isListed, let registers = forwardRegisters[shape.blockColumns] {
            return CompiledResources(registersPerThread: registers, sharedMemoryBytes: shared, isEstimated: false)
        }
        let live = 1.5 + max(shape.isRMS ? 0 : 1.1, shape.hasBias ? 0.7 : 0)
        return estimate(max(12 + 2.4 * min(elements, 8), 2 + live * elements), sharedMemoryBytes: shared)
    }

    /// - Parameter exchangedElementsPerThread: neighbouring partial sums that a thread holds where these change layout
    ///   through shared memory before they are stored; 0 where they do not.
    static func backward(
        shape: GatedNormShape, elements: Double, isAligned: Bool, exchangedElementsPerThread: Int
    ) -> CompiledResources {
        let exchanged = 4 * min(shape.blockColumns, 32 * shape.warps * exchangedElementsPerThread)
        let shared = shape.warps > 1 ? max(4 * shape.warps, exchanged) : 0
        let isListed =
            shape.isMambaForm && isAligned && !shape.recomputesOutput
            && (shape.parameterType.byteCount == 2 || shape.blockColumns != 4096)
        if isListed, let registers = backwardRegisters[shape.blockColumns] {
            return CompiledResources(registersPerThread: registers, sharedMemoryBytes: shared, isEstimated: false)
        }
        return estimate(
            shape.gatesInput ? 35 + 7.5 * elements : shape.hasGate ? 18 + 7.2 * elements : 12 + 6.5 * elements,
            sharedMemoryBytes: shared)
    }

    static func swiglu(
        shape: SwigluShape, tiling: Tiling, elements: Double, isAligned: Bool, isBackward: Bool
    ) -> CompiledResources {
        let table = isBackward ? swigluBackwardRegisters : swigluForwardRegisters
        let isListed =
            shape.elementType.byteCount == 2 && tiling.warps == 4 && isAligned
            && !(isBackward && shape.recomputesOutput)
        if isListed, let registers = table[tiling.block] {
            return CompiledResources(registersPerThread: registers, sharedMemoryBytes: 0, isEstimated: false)
        }
        return estimate(10 + (isBackward && shape.recomputesOutput ? 3.75 : 2.75) * elements, sharedMemoryBytes: 0)
    }

    private static func estimate(_ registers: Double, sharedMemoryBytes: Int) -> CompiledResources {
        CompiledResources(
            registersPerThread: min(mostRegisters, Int(registers.rounded(.up))), sharedMemoryBytes: sharedMemoryBytes,
            isEstimated: true)
    }
}

extension GatedNormShape {
    /// Whether the shape has the form of the Mamba-2 block. Its sizes do not matter.
    fileprivate var isMambaForm: Bool { elementType.byteCount == 2 && isRMS && gatesInput && !hasBias }
}
