import TestSupport
import Testing
import Trace
import TraceFormats

@Suite("DynamoRIO's memory traces")
struct MemoryTraceTests {
    private let records: [(type: UInt64, size: UInt64, value: UInt64)] = [
        (28, 2, 5), (47, 4, 0x1234), (10, 4, 0x40_1000), (0, 8, 0x7FFE_1003), (1, 16, 0x7FFE_1010), (48, 2, 0x40_1004),
        (29, 2, 0x40_1006), (0, 1, 0x50_0000), (4, 64, 0x60_0000), (20, 64, 0x60_0000), (28, 29, 0x40_2000),
        (0, 0, 0x70_0000),
        (10, 0, 0x40_3000),
    ]

    @Test(
        "Loads, stores and fetches are taken with their sizes, all else is skipped by its kind",
        arguments: [false, true])
    func taken(narrow: Bool) throws {
        let result = try imported(memoryTrace(records, narrow: narrow), as: .drmemtrace)
        #expect(
            accesses(of: result.launches[0].programs[0]) == [
                "fetch 401000 4", "load 7ffe1003 8", "store 7ffe1010 16", "fetch 401004 2", "load 500000 1",
            ])
        #expect(texts(result.summary.taken) == ["3 loads and stores", "2 instruction fetches"])
        #expect(
            texts(result.summary.skipped) == [
                "1 accesses of no size", "1 instructions of no size", "1 instructions that are not fetched again",
                "1 prefetches",
                "1 cache flushes", "1 encodings", "3 thread and process records", "2 headers and footers",
                "1 markers (timestamp)",
                "1 markers (version)", "1 markers (branch target)",
            ])
        #expect(
            result.summary.accountedLines == result.summary.lines && result.summary.lines == UInt64(records.count + 6))
        #expect(result.summary.warnings.isEmpty)
    }

    @Test("Without fetches, instructions are skipped and counted")
    func withoutFetches() throws {
        var options = ImportOptions()
        options.keepsFetches = false
        let result = try imported(memoryTrace(records), as: .drmemtrace, options: options)
        #expect(
            accesses(of: result.launches[0].programs[0]) == ["load 7ffe1003 8", "store 7ffe1010 16", "load 500000 1"])
        #expect(texts(result.summary.counted) == ["2 instruction fetches left out"])
        #expect(result.summary.accountedLines == result.summary.lines)
    }

    @Test("A bundle has the lengths of the instructions behind the one before; a repeated instruction is fetched once")
    func bundles() throws {
        let lengths: UInt64 = 0x05_03_02
        let result = try imported(
            memoryTrace([
                (10, 4, 0x1000), (17, 3, lengths), (17, 1, 7), (30, 2, 0x2000), (30, 2, 0x2000), (10, 1, 0x2002),
            ]),
            as: .drmemtrace)
        #expect(
            accesses(of: result.launches[0].programs[0]) == [
                "fetch 1000 4", "fetch 1004 2", "fetch 1006 3", "fetch 1009 5", "fetch 100e 7", "fetch 2000 2",
                "fetch 2002 1",
            ])
        #expect(texts(result.summary.taken) == ["3 instruction fetches", "2 bundles of instruction fetches"])
        #expect(result.summary.accountedLines == result.summary.lines)
    }

    @Test("Traces one after another are one; changes of the thread are counted")
    func threads() throws {
        let second =
            memoryRecord(25, 0, 7) + memoryRecord(22, 0, 8) + memoryRecord(1, 4, 0x2000) + memoryRecord(26, 0, 0)
        let result = try imported(memoryTrace([(0, 4, 0x1000)]) + second, as: .drmemtrace)
        #expect(accesses(of: result.launches[0].programs[0]) == ["load 1000 4", "store 2000 4"])
        #expect(texts(result.summary.counted) == ["1 switches between threads, taken in the file's order"])
    }

    @Test("Doubts are warnings with the record, and errors where the import is strict")
    func doubts() throws {
        let trace = memoryTrace([(0, 4, 0x1000)])
        let cases: [(bytes: [UInt8], warning: String)] = [
            (Array(trace.dropLast(3)), "input, record 7: the last record has 9 of 12 bytes and is left out"),
            (Array(trace.dropLast(12)), "input, record 6: the trace ends without a footer"),
            (memoryTrace([(0, 4, 0)]), "input: the address is 0 in every load and store (1 in all)"),
            (memoryTrace([(28, 9, 0x1C0), (0, 4, 8)]), "input, record 5: the addresses were filtered by a cache"),
            (memoryRecord(25, 0, 8) + trace.dropFirst(12), "input, record 1: this is format 8"),
        ]
        for (bytes, warning) in cases {
            let summary = try imported(bytes, as: .drmemtrace).summary
            #expect(summary.warnings.count == 1 && summary.warnings[0].hasPrefix(warning), "\(summary.warnings)")
            #expect(summary.accountedLines == summary.lines)
            var strict = ImportOptions()
            strict.isStrict = true
            #expect(failure(of: bytes, as: .drmemtrace, options: strict)?.hasPrefix(warning) == true)
        }
        #expect(try imported(trace, as: .drmemtrace).summary.warnings.isEmpty)
    }

    @Test("A raw trace, records of no type and other bytes are refused for what they are")
    func refused() throws {
        for head in [0xC040_0000_0000_0003, 0xC408_0000_0000_0040] as [UInt64] {
            let raw = little(head, 8) + little(0x4000_0000_0000_0064, 8) + little(0x6000_0000_0000_0064, 8)
            let message = try #require(failure(of: raw, as: .drmemtrace))
            #expect(
                message.contains("a thread's raw trace") && message.contains("drrun -t drmemtrace -indir"), "\(message)"
            )
        }
        let cases: [([UInt8], String)] = [
            (memoryTrace([(50, 0, 0)]), "input, record 5: the record's type is 50"),
            (memoryTrace([(17, 1, 4)]), "input, record 5: the bundle of instructions is of 1 behind none"),
            (memoryTrace([(10, 4, 4), (17, 9, 4)]), "input, record 6: the bundle of instructions is of 9"),
            (memoryTrace([(10, 4, 4), (17, 2, 4)]), "input, record 6: the length of an instruction is 0"),
            (memoryTrace([]), "input: there is nothing to import"),
            ([], "input: there is nothing to import"),
            (champSim(0x40_1000), "input: it does not begin with the header"),
        ]
        for (bytes, beginning) in cases {
            let message = try #require(failure(of: bytes, as: .drmemtrace))
            #expect(message.hasPrefix(beginning), "\(message)")
        }
    }

    @Test("Random traces keep every load and store in order, at record lengths of both kinds")
    func random() throws {
        let seed = SeededGenerator.printedSeed("random memory traces")
        var random = SeededGenerator(seed: seed)
        for round in 0..<20 {
            let narrow = round % 2 == 1
            var records: [(type: UInt64, size: UInt64, value: UInt64)] = []
            var expected: [String] = []
            for _ in 0..<200 {
                let type = [0, 1, 2, 10, 16, 28, 29, 31, 49].randomElement(using: &random) ?? 0
                let size = UInt64.random(in: 1...64, using: &random)
                let address = UInt64.random(in: 0...(narrow ? 0xFFFF_FFFF : 0xFFFF_FFFF_FFFF), using: &random)
                records.append((UInt64(type), type == 28 ? 2 : size, address))
                let kind = [0: "load", 1: "store", 10: "fetch", 16: "fetch", 31: "fetch", 49: "fetch"][type]
                if let kind { expected.append("\(kind) \(String(address, radix: 16)) \(size)") }
            }
            let result = try imported(memoryTrace(records, narrow: narrow), as: .drmemtrace)
            #expect(accesses(of: result.launches[0].programs[0]) == expected, "seed \(seed)")
            #expect(result.summary.accountedLines == result.summary.lines, "seed \(seed)")
        }
    }
}
