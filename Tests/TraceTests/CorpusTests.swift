import Foundation
import Testing
import Trace

/// The inputs that fuzzing found worth keeping (docs/fuzzing.md), each through both readers.
@Suite struct CorpusTests {
    @Test(arguments: ["weir-stream", "weir-file", "weir-plain"])
    func `every input gives a trace or one line that names the place, the same from both readers`(target: String) throws
    {
        let folder = try #require(Bundle.module.resourceURL).appendingPathComponent("Corpus/\(target)")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(names.count > 5)
        for name in names {
            let input = Array(try Data(contentsOf: folder.appendingPathComponent(name)))
            let bytes = target == "weir-plain" ? Self.envelope(input) : input
            let (streamed, failure) = TraceIO.stream(ByteInput(bytes: bytes, name: "input"))
            do throws(TraceError) {
                #expect(try TraceIO.readAll(ByteInput(bytes: bytes, name: "input")) == streamed, "\(target)/\(name)")
                #expect(failure == nil, "\(target)/\(name)")
            } catch {
                for error in [error, failure] {
                    let message = try #require(error, "\(target)/\(name) is read as a stream").description
                    #expect(
                        !message.contains(where: \.isNewline) && message.contains("input"),
                        "\(target)/\(name): \(message)")
                }
            }
        }
    }

    /// The file that the harness makes of an input: see `TraceEnvelope` in Fuzz.
    private static func envelope(_ input: [UInt8]) -> [UInt8] {
        guard let control = input.first else { return [] }
        let blocks = UInt32(control & 15) + 1
        let chunks = min(UInt32(control >> 4 & 3) + 1, blocks)
        var rest = input.dropFirst()
        var launch = HandMadeTrace.launch(grid: [UInt64(blocks), 1, 1])
        if control & 64 != 0 {
            let length = rest.prefix(2).reversed().reduce(0) { $0 << 8 | Int($1) }
            launch = Array(rest.dropFirst(2).prefix(length))
            rest = rest.dropFirst(2 + length)
        }
        var records = [HandMadeTrace.Record(tag: "LNCH", blockCount: blocks, plain: launch)]
        let share = rest.count / Int(chunks)
        for chunk in 0..<chunks {
            let first = blocks * chunk / chunks
            let plain = Array(chunk == chunks - 1 ? rest : rest.prefix(share))
            records.append(
                HandMadeTrace.Record(
                    tag: "CHNK", number: chunk, firstBlock: first, blockCount: blocks * (chunk + 1) / chunks - first,
                    plain: plain))
            rest = rest.dropFirst(share)
        }
        return HandMadeTrace(records: records).bytes
    }
}
