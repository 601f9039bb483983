import Machine
import Simulator
import TestSupport
import Testing
import Trace
import TraceFormats

@Suite("Dinero IV's meanings")
struct DineroTests {
    /// The counters of a din trace on a machine.
    private func counters(_ din: String, on settings: PlainSettings) throws -> PlainCounters {
        let buffer = ByteOutput.Buffer()
        var writer = try TraceWriter(output: ByteOutput(buffer: buffer))
        _ = try TraceImport.read(ByteInput(bytes: Array(din.utf8), name: "input"), format: .din, into: &writer)
        try writer.finish()
        return try SimulatorTests.counters(ofTrace: buffer.bytes, on: settings)
    }

    /// Dinero's rules on caches of a few lines of 8 bytes.
    private func dinero(_ change: (inout PlainSettings) -> Void = { _ in }) -> PlainSettings {
        .small {
            $0.core.straddle = .each
            $0.d1WritesAreAccesses = true
            $0.i1 = CacheGeometry(capacityBytes: 64, lineBytes: 8, ways: 2)
            $0.d1 = CacheGeometry(capacityBytes: 64, lineBytes: 8, ways: 2)
            $0.ll = CacheGeometry(capacityBytes: 512, lineBytes: 8, ways: 2)
            change(&$0)
        }
    }

    // MARK: Stores of whole lines

    @Test(
        "A store of whole lines fetches nothing, one that straddles fetches the lines that it covers in part",
        arguments: [
            ("w 0 8\n", 0, 1), ("w 1000 20\n", 0, 4), ("w 4 10\n", 16, 3), ("w 8 c\n", 8, 2), ("w 0 7\n", 8, 1),
            ("r 0 8\n", 8, 1),
            // A line that is there is not fetched again, whatever the store covers.
            ("r 0 8\nw 0 8\nw 0 4\n", 8, 1), ("w 0 8\nr 0 8\nr 4 4\n", 0, 1),
        ])
    func wholeLines(din: String, fetched: Int, missing: Int) throws {
        let result = try counters(din, on: dinero())
        #expect(result.memoryReadBytes == UInt64(fetched) && result.d1ReadBytes == UInt64(fetched))
        #expect(result.d1.misses == UInt64(missing) && result.ll.accesses == UInt64(fetched / 8))
    }

    @Test(
        "Write-through stores of whole lines fetch nothing either, and lines of the last level are filled where they are longer"
    )
    func wholeLinesBelow() throws {
        let through = try counters("w 0 8\n", on: dinero { $0.d1Writes.policy = .writeThrough })
        #expect(
            through.d1ReadBytes == 0 && through.memoryReadBytes == 0 && through.ll.written == 1
                && through.d1WriteBytes == 8)
        let longer = try counters(
            "w 0 8\n",
            on: dinero {
                $0.ll.lineBytes = 32; $0.core.flushesAtEnd = true
            })
        #expect(longer.d1ReadBytes == 0 && longer.memoryReadBytes == 32 && longer.ll.writtenMisses == 1)
    }

    @Test("As cachegrind counts, a store of a whole line still asks the last level, but needs no byte of memory")
    func wholeLineOnce() throws {
        let once = PlainSettings.small()
        let whole = try counters("w 0 20\n", on: once)
        #expect(whole.d1.writeMisses == 1 && whole.ll.writes == 1 && whole.ll.writeMisses == 1)
        #expect(whole.memoryReadBytes == 0 && whole.d1ReadBytes == 0)
        #expect(try counters("w 4 20\n", on: once).memoryReadBytes == 64)
        #expect(try counters("w 0 1f\n", on: once).memoryReadBytes == 32)
    }

    // MARK: Types

    @Test(
        "Label 3 and m look the cache up like reads, and are counted apart",
        arguments: ["3 40\n3 44\n0 40\n", "M 40 4\nm 44 4\nR 40 4\n"])
    func unknownType(din: String) throws {
        let result = try counters(din, on: dinero())
        #expect(result.accesses == 3 && result.d1.reads == 1 && result.d1.readMisses == 0)
        #expect(
            result.d1.miscellaneous == 2 && result.d1.miscellaneousMisses == 1 && result.d1.misses == 1
                && result.d1.hits == 2)
        #expect(result.ll.miscellaneous == 1 && result.ll.miscellaneousMisses == 1 && result.ll.accesses == 1)
    }

    @Test(
        "A copy-back writes the line or all lines through all levels, and nothing leaves",
        arguments: [("4 4\n", 8), ("4\n", 16), ("c 4 4\n", 8), ("C 40 0\n", 16), ("c 7ff 4\n", 0)])
    func copyBack(line: String, written: Int) throws {
        let result = try counters("w 0 8\nw 40 8\n\(line)r 0 8\nr 40 8\n", on: dinero())
        #expect(result.memoryWriteBytes == UInt64(written) && result.d1.writeBacks == UInt64(written / 8))
        #expect(result.ll.written == UInt64(written / 8) && result.d1.misses == 2 && result.d1.readMisses == 0)
        #expect(result.accesses == 4)
    }

    @Test(
        "An invalidation drops the line or all lines, dirty or not, of data and instructions",
        arguments: [("5 0\n", 2), ("v 4 1\n", 2), ("5\n", 4), ("V 0 0\n", 4)])
    func invalidation(line: String, misses: Int) throws {
        let trace = "w 0 8\ni 0 8\nw 40 8\ni 40 8\n\(line)r 0 8\ni 0 8\nr 40 8\ni 40 8\n"
        let result = try counters(trace, on: dinero())
        #expect(result.d1.readMisses + result.i1.fetchMisses == UInt64(2 + misses) && result.memoryWriteBytes == 0)
    }

    @Test("core.flushAtEnd writes what is dirty at the end once, from both levels; without it nothing is written")
    func flush() throws {
        let trace = "w 0 8\nw 40 4\nw 40 4\n"
        let kept = try counters(trace, on: dinero())
        #expect(kept.memoryWriteBytes == 0 && kept.d1.writeBacks == 0)
        let flushed = try counters(trace, on: dinero { $0.core.flushesAtEnd = true })
        #expect(
            flushed.memoryWriteBytes == 16 && flushed.d1.writeBacks == 2 && flushed.ll.writeBacks == 2
                && flushed.d1WriteBytes == 16)
        // The lines stay: a second launch on kept caches hits, and has nothing left to write.
        let simulation = PlainSimulation(
            machine: try PlainMachine(dinero { $0.core.flushesAtEnd = true }), cacheMode: .chained)
        let store = CoreAccess(kind: .store, address: 0, bytes: 8)
        #expect(try simulation.run(source([store])).counters.memoryWriteBytes == 8)
        let second = try simulation.run(source([CoreAccess(kind: .load, address: 0, bytes: 8)])).counters
        #expect(second.d1.readMisses == 0 && second.memoryWriteBytes == 0)
    }

    // MARK: Random traces

    @Test(
        "Both levels count as Dinero IV's manual says on random traces and caches: accesses and misses by type, bytes each way"
    )
    func random() throws {
        let seed = SeededGenerator.printedSeed("Dinero IV")
        var generator = SeededGenerator(seed: seed)
        var seen = [Int](repeating: 0, count: 4)
        for round in 0..<300 {
            let configuration = Configuration(&generator)
            let records = (0..<Int.random(in: 20...160, using: &generator)).map { _ in Record(&generator) }
            let isExtended = round % 4 != 0
            let din = records.map { isExtended ? $0.extended : $0.traditional }.joined()
            let own = try counters(din, on: configuration.settings)
            let model = configuration.run(records, isExtended: isExtended)
            let data = own.d1
            let reads = configuration.data.allocates ? own.ll.reads + own.ll.writes : own.ll.reads
            let readMisses = configuration.data.allocates ? own.ll.readMisses + own.ll.writeMisses : own.ll.readMisses
            let ofFirst = [data.fetches, data.reads, data.writes, data.miscellaneous].map(Int.init)
            let ofFirstMisses = [data.fetchMisses, data.readMisses, data.writeMisses, data.miscellaneousMisses].map(
                Int.init)
            let ofLast = [
                own.ll.fetches, reads, own.ll.accesses - own.ll.fetches - reads - own.ll.miscellaneous,
                own.ll.miscellaneous,
            ]
            let ofLastMisses = [
                own.ll.fetchMisses, readMisses,
                own.ll.misses - own.ll.fetchMisses - readMisses - own.ll.miscellaneousMisses,
                own.ll.miscellaneousMisses,
            ]
            let note: Comment = "seed \(seed), round \(round): \(configuration.settings)"
            #expect(ofFirst == model.data.references && ofFirstMisses == model.data.misses, note)
            #expect(
                ofLast.map(Int.init) == model.last.references && ofLastMisses.map(Int.init) == model.last.misses, note)
            if let fetches = model.instructions {
                #expect(
                    [own.i1.fetches, own.i1.fetchMisses].map(Int.init) == [fetches.references[0], fetches.misses[0]],
                    note)
                #expect(own.i1ReadBytes == fetches.bytesFromNext, note)
            }
            #expect(own.d1ReadBytes == model.data.bytesFromNext && own.d1WriteBytes == model.data.bytesToNext, note)
            #expect(
                own.memoryReadBytes == model.last.bytesFromNext && own.memoryWriteBytes == model.last.bytesToNext, note)
            for kind in 0..<4 { seen[kind] += model.last.misses[kind] }
        }
        #expect(seen.allSatisfy { $0 > 100 }, "seed \(seed): \(seen)")
    }

    /// A random pair of levels.
    private struct Configuration {
        let hasInstructionCache: Bool
        let flushes: Bool
        let instructions, data, last: DineroCache.Rules

        init(_ generator: inout SeededGenerator) {
            hasInstructionCache = Int.random(in: 0..<3, using: &generator) > 0
            flushes = Bool.random(using: &generator)
            func rules(_ generator: inout SeededGenerator, sets: Int) -> DineroCache.Rules {
                DineroCache.Rules(
                    lineBytes: 4 << UInt64.random(in: 0...4, using: &generator),
                    ways: Int.random(in: 1...4, using: &generator),
                    sets: UInt64(Int.random(in: 1...sets, using: &generator)), isFIFO: Bool.random(using: &generator),
                    writesBack: Bool.random(using: &generator), allocates: Bool.random(using: &generator))
            }
            instructions = rules(&generator, sets: 6)
            data = rules(&generator, sets: 6)
            last = rules(&generator, sets: 20)
        }

        var settings: PlainSettings {
            func geometry(_ rules: DineroCache.Rules) -> CacheGeometry {
                CacheGeometry(
                    capacityBytes: Int(rules.lineBytes) * rules.ways * Int(rules.sets), lineBytes: Int(rules.lineBytes),
                    ways: rules.ways, replacement: rules.isFIFO ? .fifo : .lru)
            }
            func writes(_ rules: DineroCache.Rules) -> CacheWrites {
                CacheWrites(policy: rules.writesBack ? .writeBack : .writeThrough, allocates: rules.allocates)
            }
            var settings = PlainPreset.oneCore.settings
            settings.core.straddle = .each
            settings.core.hasInstructionCache = hasInstructionCache
            settings.core.flushesAtEnd = flushes
            settings.d1WritesAreAccesses = true
            (settings.i1, settings.d1, settings.ll) = (geometry(instructions), geometry(data), geometry(last))
            (settings.d1Writes, settings.llWrites) = (writes(data), writes(last))
            return settings
        }

        func run(_ records: [Record], isExtended: Bool) -> (
            instructions: DineroCache?, data: DineroCache, last: DineroCache
        ) {
            let last = DineroCache(self.last, next: nil)
            let data = DineroCache(self.data, next: last)
            let instructions = hasInstructionCache ? DineroCache(self.instructions, next: last) : nil
            for record in records {
                let (address, size) = isExtended ? (record.address, record.size) : (record.address & ~3, 4)
                let place = size == 0 ? nil : address
                switch record.type {
                case "r": data.reference(.read, address, size)
                case "w": data.reference(.write, address, size)
                case "i": (instructions ?? data).reference(.fetch, address, size)
                case "m": data.reference(.misc, address, size)
                case "c": data.copyBack(place)
                default:
                    instructions?.invalidate(place)
                    data.invalidate(place)
                }
            }
            if flushes { data.copyBack(nil) }
            return (instructions, data, last)
        }
    }

    /// A random line of a trace, in both formats.
    private struct Record {
        let type: Character
        let address: UInt64
        let size: UInt64
        let isCapital: Bool

        init(_ generator: inout SeededGenerator) {
            type = "rrrrrrwwwwwwiiimmcv".randomElement(using: &generator)!
            isCapital = Bool.random(using: &generator)
            var size = UInt64.random(in: 1...100, using: &generator)
            if Bool.random(using: &generator) { size = 1 << UInt64.random(in: 0...6, using: &generator) }
            var address = UInt64.random(in: 0..<1200, using: &generator)
            if Bool.random(using: &generator) { address &= ~63 }
            if type == "c" || type == "v", Int.random(in: 0..<5, using: &generator) == 0 { size = 0 }
            (self.address, self.size) = (address, size)
        }

        var extended: String {
            "\(isCapital ? Character(type.uppercased()) : type) 0x\(String(address, radix: 16)) \(String(size, radix: 16))\n"
        }

        var traditional: String {
            let labels: [Character: Int] = ["r": 0, "w": 1, "i": 2, "m": 3, "c": 4, "v": 5]
            return "\(labels[type]!) \(String(address, radix: 16, uppercase: isCapital)) comment\n"
        }
    }
}
