import Trace

/// The plain bytes of an input, which may be compressed with gzip or xz; its first bytes tell.
///
/// Memory holds one piece of the input and what the decoder needs: 32 KiB for gzip, the dictionary for xz, at most 512 MiB.
package final class PlainInput {
    private static let pieceBytes = 256 << 10

    private let input: ByteInput
    /// Name for errors.
    package let name: String
    private var decoder: (any StreamDecoder)?
    private var hasBegun = false
    /// Bytes of the input that were read and not used yet: `piece[next...]`.
    private var piece: [UInt8] = []
    private var next = 0
    private var inputEnded = false
    private var isFinished = false
    private var peeked: UInt8?

    /// Reads `input` from its present position on.
    package init(_ input: ByteInput) {
        self.input = input
        name = input.name ?? "input"
    }

    /// Bytes of the input itself that were read so far.
    package var inputPosition: UInt64 { input.position }

    /// The first plain byte, which stays to be read; nil where there is none.
    /// - Throws: as `read`.
    func peek() throws -> UInt8? {
        var byte: UInt8 = 0
        let count = try withUnsafeMutableBytes(of: &byte) { try read(into: $0) }
        if count > 0 { peeked = byte }
        return peeked
    }

    /// Fills the beginning of `target`, which is not empty, with the next plain bytes.
    /// - Returns: how many; 0 only at the end of the input.
    /// - Throws: `TraceError.system`, `TraceFormatError.compression`.
    func read(into target: UnsafeMutableRawBufferPointer) throws -> Int {
        if !hasBegun { try begin() }
        if let byte = peeked {
            target[0] = byte
            peeked = nil
            return 1
        }
        while !isFinished {
            if next == piece.count { try refill() }
            let step = try piece.withUnsafeBytes { try decode(UnsafeRawBufferPointer(rebasing: $0[next...]), into: target) }
            next += step.consumed
            if inputEnded, next == piece.count, step.produced == 0, decoder?.isAtEnd ?? true { isFinished = true }
            if step.produced > 0 { return step.produced }
        }
        return 0
    }

    private func decode(
        _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
    ) throws(TraceFormatError) -> DecodedStep {
        guard let decoder else {
            let count = min(source.count, target.count)
            target.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[..<count]))
            return DecodedStep(consumed: count, produced: count)
        }
        do {
            return try decoder.step(source, into: target, isLast: inputEnded)
        } catch {
            throw .compression(FormatPlace(file: name), method: decoder.method, reason: error.reason)
        }
    }

    private func refill() throws(TraceError) {
        guard !inputEnded else { return }
        piece = try input.read(Self.pieceBytes)
        next = 0
        inputEnded = piece.isEmpty
    }

    private func begin() throws {
        hasBegun = true
        try refill()
        do {
            if piece.starts(with: [0x1F, 0x8B]) {
                decoder = try GzipDecoder()
            } else if piece.starts(with: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]) {
                decoder = try XZDecoder()
            }
        } catch {
            throw TraceFormatError.compression(FormatPlace(file: name), method: "compressed", reason: error.reason)
        }
    }
}
