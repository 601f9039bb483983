import Machine
import Simulator
import Testing
import Trace

@Suite("Loads past the L1, and instruction fetches")
struct LoadPathTests {
    private func run(_ operations: [Operation], lanes: [UInt64] = []) throws -> LaunchResult {
        try Simulation(machine: smallMachine(), cacheMode: .cold).run(
            SyntheticSource(launch: launch()) { _, program in
                program.operations = operations
                program.laneAddresses = lanes
            })
    }

    private func load(_ hint: CacheHint, kind: AccessKind = .load, bytes: Int = 1024) -> Operation {
        guard case .tile(var tile) = access(kind, at: 0, bytes: bytes) else {
            preconditionFailure("access makes tiles")
        }
        tile.hint = hint
        return .tile(tile)
    }

    @Test(
        "A load with the hint bypassL1 goes to the L2 each time and leaves nothing in the L1, as a tile and lane by lane"
    )
    func bypass() throws {
        let lanes = Operation.lanes(
            LaneAccess(kind: .load, tensor: 0, laneBytes: 32, firstLane: 0, laneCount: 32, hint: .bypassL1))
        for past in [load(.bypassL1), lanes] {
            // The L1 holds the lines after the first load, and still the two past it ask the L2 for all 32 sectors
            // each.
            let warm = [load(.normal), .awaitLoads, past, .awaitLoads, past]
            let counters = try run(warm, lanes: (0..<32).map { UInt64($0 * 32) }).counters
            #expect(counters.l1LoadSectors == 96 && counters.l1LoadHitSectors == 0)
            #expect(counters.l2TexReadSectors == 96 && counters.l2TexReadHitSectors == 64)
            #expect(counters.l1LoadRequests == (past == lanes ? 10 : 24))
            let cold = try run([past, .awaitLoads, load(.normal)], lanes: (0..<32).map { UInt64($0 * 32) }).counters
            #expect(cold.l1LoadHitSectors == 0 && cold.l2TexReadSectors == 64)
        }
        #expect(try run([load(.normal), .awaitLoads, load(.normal)]).counters.l1LoadHitSectors == 32)
    }

    @Test("Only loads heed bypassL1: a copy through the L1 still finds its lines there")
    func otherKinds() throws {
        let copy = load(.bypassL1, kind: .copyThroughL1)
        let counters = try run([copy, .commitGroup, .awaitGroups(pending: 0), copy]).counters
        #expect(counters.l1LoadHitSectors == 32)
    }

    @Test("Instruction fetches are counted lane by lane, take no time and reach no cache, at any address")
    func fetches() throws {
        let lanes = Operation.lanes(LaneAccess(kind: .fetch, tensor: 0, laneBytes: 4, firstLane: 0, laneCount: 3))
        let fetched = try run([load(.normal, kind: .fetch, bytes: 1022), lanes], lanes: [0, 64, .max - 1])
        #expect(fetched.counters.instructionFetches == 256 + 3)
        let empty = try run([])
        var rest = fetched.counters
        rest.instructionFetches = 0
        #expect(rest == empty.counters)
        #expect(fetched.spanCycles == empty.spanCycles)
    }
}
