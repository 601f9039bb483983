import Trace

/// The local memory of a launch whose threads spill registers. It has one slot for each resident block.
///
/// A warp's spilled words lie one behind the other. Each word takes 128 bytes, with lanes side by side, as the hardware
/// interleaves them. Each word is stored once and loaded once. The frame that the compiler reports is a multiple of
/// eight bytes, and its last word counts as padding. docs/kernels.md compares the result with the measured launches.
package struct LocalMemory: Equatable, Sendable {
    /// Name of local memory among a launch's tensors.
    package static let tensorName = "local"

    /// Spilled 32-bit words of a thread.
    package let wordsPerThread: Int
    private let address: UInt64
    private let slots: Int
    private let rows: Int
    private let stores: Operand
    private let loads: Operand

    /// - Parameters:
    ///   - spillBytesPerThread: the compiler's frame for spilled registers. Nothing is made where it holds no word.
    ///   - address: start of the launch's local memory.
    ///   - tensor: index of local memory in the launch's tensors.
    ///   - residentBlocks: number of blocks that can run at once. After so many blocks the slots are used again.
    init?(spillBytesPerThread: Int, address: UInt64, tensor: Int, warps: Int, blocks: Int, residentBlocks: Int) {
        wordsPerThread = Self.words(spillBytesPerThread: spillBytesPerThread)
        guard wordsPerThread > 0 else { return nil }
        self.address = address
        slots = min(blocks, max(1, residentBlocks))
        rows = warps * wordsPerThread
        let requests = RequestShape(rows: 1, lanesPerRow: 32, laneBytes: 4, laneStrideBytes: 4, replicas: 1)
        stores = Operand(kind: .localStore, tensor: tensor, elementBytes: 4, requests: requests, pitchBytes: 128)
        loads = Operand(kind: .localLoad, tensor: tensor, elementBytes: 4, requests: requests, pitchBytes: 128)
    }

    /// 32-bit words that a thread stores and loads from a frame of `spillBytesPerThread` bytes.
    package static func words(spillBytesPerThread: Int) -> Int { max(0, spillBytesPerThread / 4 - 1) }

    /// The entry of local memory among the launch's tensors.
    var description: Tensor {
        Tensor(name: Self.tensorName, baseAddress: address, byteCount: UInt64(slots * rows * 128), elementType: "b32")
    }

    private func region(ofBlock block: Int) -> TileRegion {
        TileRegion(address: address + UInt64(block % slots * rows * 128), rows: rows, columns: 32)
    }

    /// Appends the block's stores of its spilled words.
    func appendStores(ofBlock block: Int, to program: inout BlockProgram) {
        program.append(stores, region(ofBlock: block))
    }

    /// Appends the loads that bring the block's spilled words back, without waiting for them.
    func appendLoads(ofBlock block: Int, to program: inout BlockProgram) {
        program.append(loads, region(ofBlock: block))
    }
}
