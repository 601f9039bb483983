/// Registers and shared memory of the convolution's compiled kernels, for widths of 2, 3 and 4.
///
/// *Source:* causal-conv1d 1.7.0, compiled with nvcc 13.0.88 for sm_90 as its setup does, without sequence indices,
/// final states and the deterministic form. The four launches of h200_others.csv agree.
enum ConvolutionResources {
    /// Bytes of shared memory that hold one vector of every thread.
    private static let exchange = 2048

    private static func make(_ table: [Int], _ shape: Mamba1Shape, shared: Int) -> CompiledResources {
        CompiledResources(
            registersPerThread: table[shape.width - 2], sharedMemoryBytes: shared,
            isEstimated: shape.elementType == .f16)
    }

    /// Elements that move one by one pass through a buffer of their own, which is padded for elements of two bytes.
    private static func loadBytes(_ shape: Mamba1Shape, isVector: Bool) -> Int {
        isVector ? 0 : shape.elementType.byteCount == 2 ? 2128 : 2064
    }

    static func forward(_ shape: Mamba1Shape, isVector: Bool) -> CompiledResources {
        let table =
            shape.elementType.byteCount == 2
            ? (isVector ? [32, 31, 32] : [40, 32, 32]) : (isVector ? [32, 32, 29] : [32, 32, 32])
        return make(table, shape, shared: exchange + loadBytes(shape, isVector: isVector))
    }

    static func backward(_ shape: Mamba1Shape, isVector: Bool) -> CompiledResources {
        let bytes = shape.elementType.byteCount
        let table: [Int]
        switch (bytes == 2, shape.hasSiLU, isVector) {
        case (true, true, true): table = [32, 40, 40]
        case (true, false, true): table = [36, 36, 38]
        case (true, _, false): table = [48, 48, 48]
        case (false, true, true): table = [32, 32, 39]
        case (false, false, true): table = [36, 32, 40]
        case (false, true, false): table = [32, 40, 40]
        case (false, false, false): table = [32, 37, 40]
        }
        // With SiLU, the neighbours' gradients are exchanged in fp32, and x is exchanged too.
        let parts = shape.hasSiLU ? 4 / bytes + 1 : 1
        return make(table, shape, shared: exchange * parts + loadBytes(shape, isVector: isVector))
    }

    /// Bytes of a row: 128 and its padding.
    private static let rowBytes = 144

    static func channelLastForward(_ shape: Mamba1Shape, chunk: Int) -> CompiledResources {
        let table = shape.elementType.byteCount == 2 ? [48, 48, 48] : [32, 32, 32]
        return make(table, shape, shared: (chunk + shape.width - 1) * rowBytes)
    }

    static func channelLastBackward(_ shape: Mamba1Shape, chunk: Int) -> CompiledResources {
        let table: [Int]
        switch (shape.elementType.byteCount == 2, chunk == 128, shape.hasSiLU) {
        case (true, true, true): table = [168, 168, 168]
        case (true, true, false): table = [108, 163, 160]
        case (true, false, true): table = [94, 96, 95]
        case (true, false, false): table = [80, 80, 92]
        case (false, true, _): table = [96, 96, 96]
        case (false, false, true): table = [56, 64, 64]
        case (false, false, false): table = [56, 55, 64]
        }
        return make(table, shape, shared: (2 * chunk + 3 * (shape.width - 1)) * rowBytes)
    }
}
