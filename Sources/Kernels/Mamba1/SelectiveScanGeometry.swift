import Trace

/// How the selective scan's kernels divide a channel's positions.
///
/// One block walks one channel of one sequence, and a thread holds `items` positions of a chunk. Short sequences take
/// fewer items or threads. Where the sequence is a whole number of chunks, a row moves in vectors of up to 16 bytes a
/// lane; otherwise its elements move one by one.
struct SelectiveScanGeometry: Sendable {
    let threads: Int
    let items: Int
    let isEven: Bool
    let chunkCount: Int
    let sequenceLength: Int
    let elementBytes: Int
    /// Bytes that a lane moves in one request of a row.
    let laneBytes: Int
    /// Index of this choice of threads and items among the five that are compiled. The one for the shortest sequences
    /// is 0.
    let variant: Int

    init(shape: Mamba1Shape) {
        let variants = [(128, 32, 4), (256, 32, 8), (512, 32, 16), (1024, 64, 16), (Int.max, 128, 16)]
        let length = shape.sequenceLength
        variant = variants.firstIndex { length <= $0.0 } ?? variants.count - 1
        (_, threads, items) = variants[variant]
        let chunk = threads * items
        sequenceLength = length
        isEven = length % chunk == 0
        chunkCount = length.dividedRoundingUp(by: chunk)
        elementBytes = shape.elementType.byteCount
        laneBytes = isEven ? min(16, items * elementBytes) : elementBytes
    }

    var warps: Int { threads / 32 }
    var chunkLength: Int { threads * items }
    func first(ofChunk chunk: Int) -> Int { chunk * chunkLength }
    func valid(ofChunk chunk: Int) -> Int { min(chunkLength, sequenceLength - chunk * chunkLength) }
    var description: String { "threads=\(threads) items=\(items)" }
}
