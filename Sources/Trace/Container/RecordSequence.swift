/// The order that records must follow. Each launch comes with its chunks without a gap, until all its blocks are there.
/// The index comes last.
struct RecordSequence {
    /// Number of launches that have begun.
    private(set) var launchCount = 0
    /// Number of launch records and chunks so far.
    private(set) var entryCount = 0
    /// First block of the next chunk.
    private(set) var nextBlock = 0
    /// Blocks of the current launch.
    private(set) var blockCount = 0
    /// Number of the next chunk in its launch.
    private(set) var nextChunk = 0

    var launchIsComplete: Bool { nextBlock == blockCount }

    /// Where the next record belongs, for errors about it.
    func place(file: String?, byteOffset: UInt64) -> TracePlace {
        if launchIsComplete {
            TracePlace(file: file, part: .launchRecord, launch: launchCount, byteOffset: byteOffset)
        } else {
            TracePlace(file: file, part: .chunk, launch: launchCount - 1, chunk: nextChunk, byteOffset: byteOffset)
        }
    }

    /// Accepts the next record.
    /// - Throws: the reason why this record cannot be the next.
    mutating func accept(_ header: RecordHeader, place: TracePlace) throws(TraceError) {
        func require(_ what: String, _ found: UInt32, _ expected: Int) throws(TraceError) {
            guard Int(found) == expected else {
                throw .malformed(place, what: what, found: "\(found)", expected: "\(expected)")
            }
        }
        switch header.kind {
        case .launch:
            guard launchIsComplete else { throw unexpected(header, place) }
            try require("launch number", header.launch, launchCount)
            try require("number", header.number, 0)
            try require("first block", header.firstBlock, 0)
            guard header.blockCount > 0, header.blockCount < TraceLimits.blocks else {
                throw .malformed(place, what: "block count", found: "\(header.blockCount)", expected: "1 to 2^31 - 1")
            }
            launchCount += 1
            entryCount += 1
            (nextBlock, nextChunk, blockCount) = (0, 0, Int(header.blockCount))
        case .chunk:
            guard !launchIsComplete else { throw unexpected(header, place) }
            try require("launch number of the chunk", header.launch, launchCount - 1)
            try require("chunk number", header.number, nextChunk)
            try require("first block of the chunk", header.firstBlock, nextBlock)
            let left = blockCount - nextBlock
            guard header.blockCount > 0, header.blockCount <= left else {
                throw .malformed(
                    place, what: "block count of the chunk", found: "\(header.blockCount)", expected: "1 to \(left)")
            }
            entryCount += 1
            nextBlock += Int(header.blockCount)
            nextChunk += 1
        case .index:
            guard launchIsComplete, launchCount > 0 else { throw unexpected(header, place) }
            try require("launch count of the index", header.launch, launchCount)
            try require("number", header.number, 0)
            try require("first block", header.firstBlock, 0)
            try require("entry count of the index", header.blockCount, entryCount)
            try require("plain length of the index", header.plainByteCount, entryCount * IndexEntry.byteCount)
        }
    }

    private func unexpected(_ header: RecordHeader, _ place: TracePlace) -> TraceError {
        let expected =
            !launchIsComplete
            ? "a chunk with block \(nextBlock) of launch \(launchCount - 1)"
            : launchCount == 0 ? "a launch record" : "a launch record or the index"
        return .malformed(place, what: "the next record", found: "\(header.kind)", expected: expected)
    }
}
