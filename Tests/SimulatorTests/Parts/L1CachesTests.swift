import Machine
import Testing
import Trace

@testable import Simulator

/// The L1s by themselves: what they look up, when the port has taken it, and what they send on.
@Suite struct L1CachesTests {
    /// Keeps what the L1s send.
    private struct Sink: LineSink {
        var requests: [SectorRequest] = []
        mutating func send(_ request: SectorRequest) { requests.append(request) }
    }

    /// Two SMs. The port delivers a sector of each place in a line in a cycle, and takes half a cycle a line at least.
    /// Each sector that is missing takes it for two cycles, each that is stored for four.
    private func caches(_ change: (inout MachineSettings) -> Void = { _ in }) throws -> L1Caches {
        let machine = try smallMachine {
            $0.gpu.smCount = 2
            $0.l1.hitBytesPerCycle = 128
            $0.l1.lineIntervalCycles = 0.5
            $0.l1.fillBytesPerCycle = 16
            $0.l1.storeBytesPerCycle = 8
            change(&$0)
        }
        var caches = L1Caches(machine: machine, gpcOfSM: [0, 3], map: addressMap(machine), half: 0)
        caches.beginLaunch(machine: machine, configuration: configuration(machine))
        return caches
    }

    @Test func `A miss takes the port as long as its sectors come, a hit for a line, and only misses are sent`() throws
    {
        var caches = try caches()
        var sink = Sink()
        let lines = [request(line: 5), request(line: 6, sectors: 0b0001)]
        let miss = caches.read(lines, kind: .load, throughL1: true, sm: 1, ticket: 7, at: 100, below: &sink)
        #expect(miss.issued == 100 + 8 + 2 && miss.missingLines == 2)
        #expect(sink.requests.map(\.time) == [100, 108] && sink.requests.map(\.line) == [5, 6])
        #expect(sink.requests.allSatisfy { $0.ticket == 7 && $0.gpc == 3 && $0.kind == .read })
        let hit = caches.read(lines, kind: .load, throughL1: true, sm: 1, ticket: 8, at: 200, below: &sink)
        #expect(hit.issued == 202 && hit.missingLines == 0 && sink.requests.count == 2)
        // Of line 6 two more sectors are missing.
        let part = caches.read(
            [request(line: 6, sectors: 0b0111)], kind: .load, throughL1: true, sm: 1, ticket: 9, at: 300, below: &sink)
        #expect(part.issued == 304 && part.missingLines == 1 && sink.requests[2].sectors == 0b0110)
        #expect(caches.counters.l1LoadSectors == 13 && caches.counters.l1LoadHitSectors == 6)
        #expect(caches.counters.l2ToL1ReadSectors == 7 && caches.counters.l1LoadRequests == 5)
    }

    @Test func `Lines of one warp request share a cycle as far as their sectors fit it`() throws {
        var caches = try caches()
        var sink = Sink()
        func cycles(_ requests: [LineRequest]) -> Double {
            _ = caches.read(requests, kind: .load, throughL1: true, sm: 0, ticket: 0, at: 0, below: &sink)
            let hit = caches.read(requests, kind: .load, throughL1: true, sm: 0, ticket: 0, at: 1000, below: &sink)
            #expect(hit.missingLines == 0)
            return hit.issued - 1000
        }
        func lines(_ count: Int, sectors: UInt8..., requests: Int = 1) -> [LineRequest] {
            (0..<requests).flatMap { _ in
                (0..<count).map { line in
                    let here = sectors[line % sectors.count]
                    return LineRequest(
                        line: UInt64(line), sectors: here, wholeSectors: here, startsRequest: line == 0)
                }
            }
        }
        #expect(cycles(lines(1, sectors: 0b0001)) == 1 && cycles(lines(1, sectors: 0b1111)) == 1)
        // Sectors at one place of their lines come one after the other.
        #expect(cycles(lines(2, sectors: 0b0001)) == 2 && cycles(lines(8, sectors: 0b0010)) == 8)
        #expect(cycles(lines(8, sectors: 0b1111)) == 8)
        // Those at different places come together, as far as the interval of lines allows.
        #expect(cycles(lines(2, sectors: 0b0001, 0b1000)) == 1 && cycles(lines(4, sectors: 1, 2, 4, 8)) == 2)
        #expect(cycles(lines(8, sectors: 0b0011, 0b0110)) == 8 && cycles(lines(8, sectors: 0b0011, 0b1100)) == 4)
        #expect(cycles(lines(9, sectors: 1, 1, 1, 2, 4, 8, 8, 8, 8)) == 4.5)
        // Lines of different requests share none.
        #expect(cycles(lines(1, sectors: 0b0001, requests: 5)) == 5)
        #expect(cycles(lines(3, sectors: 1, 2, 4, requests: 4)) == 6)
    }

    @Test func `Bulk copies come from the L2 and go there, and are none of the L1's loads and stores`() throws {
        var caches = try caches()
        var sink = Sink()
        let lines = [request(line: 5), request(line: 6, sectors: 0b0001)]
        let read = caches.read(lines, kind: .bulkLoad, throughL1: false, sm: 0, ticket: 7, at: 100, below: &sink)
        #expect(read.missingLines == 2 && sink.requests.count == 2)
        _ = caches.store(lines, kind: .bulkStore, sm: 0, at: 200, below: &sink)
        #expect(sink.requests.map(\.kind) == [.read, .read, .write, .write])
        let counters = caches.counters
        #expect(counters.l2ToL1ReadSectors == 5 && counters.l1ToL2WriteSectors == 5)
        #expect(counters.l1LoadSectors == 0 && counters.l1LoadRequests == 0 && counters.l1CopyBypassSectors == 0)
        #expect(counters.l1StoreSectors == 0 && counters.l1StoreRequests == 0)
    }

    @Test func `A multicast asks once, its data count for each receiver, and the port takes what all SMs send`() throws
    {
        var caches = try caches { $0.l1.bulkFillBytesPerCycle = 32 }
        var sink = Sink()
        let lines = [request(line: 5), request(line: 6)]
        var issued = 0.0
        for receivers in [1, 2, 4] {
            let read = caches.read(
                lines, kind: .bulkLoad, throughL1: false, receivers: receivers, sm: 0, ticket: 7, at: issued,
                below: &sink)
            // Eight sectors, each a cycle a receiver.
            #expect(read.issued == issued + Double(8 * receivers))
            issued = read.issued
        }
        #expect(sink.requests.map(\.kind) == [.read, .read, .multicast, .multicast, .multicast, .multicast])
        #expect(caches.counters.l2ToL1ReadSectors == UInt64(8 * (1 + 2 + 4)))
        #expect([CacheHint.multicast2, .multicast4, .multicast8, .evictFirst].map(\.receivers) == [2, 4, 8, 1])
        #expect([1, 2, 3, 4, 8].map { CacheHint.multicast(to: $0)?.receivers } == [1, 2, nil, 4, 8])
    }

    @Test func `Each SM has its own lines, which only its own invalidation drops; reads past the L1 leave none`() throws
    {
        var caches = try caches()
        var sink = Sink()
        func misses(sm: Int, throughL1: Bool = true) -> Int {
            caches.read([request(line: 5)], kind: .load, throughL1: throughL1, sm: sm, ticket: 0, at: 0, below: &sink)
                .missingLines
        }
        #expect(misses(sm: 0, throughL1: false) == 1 && misses(sm: 0) == 1 && misses(sm: 0) == 0 && misses(sm: 1) == 1)
        caches.invalidate(sm: 0)
        #expect(misses(sm: 1) == 0 && misses(sm: 0) == 1)
    }

    @Test func `Stores and reductions take the port by sectors, a reduction's header as a sector more`() throws {
        var caches = try caches()
        var sink = Sink()
        #expect(
            caches.store(
                [request(line: 1), request(line: 2, sectors: 0b0011)], kind: .store, sm: 0, at: 10, below: &sink) == 10
                + 16 + 8)
        #expect(
            sink.requests.map(\.time) == [10, 26] && sink.requests.allSatisfy { $0.kind == .write && $0.ticket == -1 })
        let (free, homes) = caches.reduce(
            [request(line: 3, sectors: 0b0001)], isBulk: false, sm: 0, ticket: 4, at: 50, below: &sink)
        #expect(free == 58 && homes == 1 && sink.requests[2].kind == .reduction)
        // The stores allocated nothing; the machine keeps no line of a store that misses.
        #expect(
            caches.read([request(line: 1)], kind: .load, throughL1: true, sm: 0, ticket: 0, at: 60, below: &sink)
                .missingLines == 1)
        #expect(caches.counters.l1StoreHitSectors == 0 && caches.counters.l1AtomicSectors == 1)
        caches.fence(homes: 3, sm: 0, ticket: 5, at: 70, below: &sink)
        #expect(sink.requests[4].kind == .fence && sink.requests[4].sectors == 3 && sink.requests[4].time == 70)
    }
}
