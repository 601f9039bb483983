import Trace

/// The local memory of a kernel that moves spilled registers again and again. It has a slot for each block that can be
/// resident.
///
/// A warp's frame holds its words one behind the other. Each word takes 128 bytes, with lanes side by side.
struct SpillSlots: Sendable {
    let spills: SelectiveScanResources.Spills
    private let address: UInt64
    private let slots: Int
    private let warps: Int
    private let frameWords: Int
    private let stores: Operand
    private let loads: Operand

    /// - Parameter residentBlocks: number of the launch's blocks that the device holds at once.
    init(spills: SelectiveScanResources.Spills, warps: Int, residentBlocks: Int, arguments: inout ArgumentList) {
        self.spills = spills
        self.warps = warps
        slots = residentBlocks
        frameWords = spills.frameBytes / 4
        let space = arguments.addSpace(
            LocalMemory.tensorName, type: "b32", byteCount: residentBlocks * warps * frameWords * 128)
        address = space.address
        let requests = RequestShape(rows: 1, lanesPerRow: 32, laneBytes: 4, laneStrideBytes: 4, replicas: 1)
        stores = Operand(
            kind: .localStore, tensor: space.tensor, elementBytes: 4, requests: requests, pitchBytes: frameWords * 128)
        loads = Operand(
            kind: .localLoad, tensor: space.tensor, elementBytes: 4, requests: requests, pitchBytes: frameWords * 128)
    }

    @inline(__always)
    func store(_ words: Int, from first: Int = 0, block: Int, to sink: inout some OperationSink) {
        move(stores, words, from: first, block: block, to: &sink)
    }

    @inline(__always)
    func load(_ words: Int, from first: Int = 0, block: Int, to sink: inout some OperationSink) {
        move(loads, words, from: first, block: block, to: &sink)
    }

    /// Moves `words` words of each warp's frame, from word `first` on. Behind the frame's end it begins again at the
    /// start.
    private func move(_ operand: Operand, _ words: Int, from first: Int, block: Int, to sink: inout some OperationSink)
    {
        let slot = address + UInt64(block % slots * warps * frameWords * 128)
        var left = words
        var word = first % frameWords
        while left > 0 {
            let here = min(left, frameWords - word)
            sink.spill(operand, TileRegion(address: slot + UInt64(word * 128), rows: warps, columns: here * 32))
            left -= here
            word = 0
        }
    }
}
