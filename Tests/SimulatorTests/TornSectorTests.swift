import Machine
import Simulator
import Testing
import Trace

/// Sectors that are written in part: their other bytes are read when the line leaves or is read, and not at all where a
/// second store brings them.
@Suite struct TornSectorTests {
    private func counters(_ operations: [Operation]) throws -> Counters {
        let simulation = try Simulation(machine: try smallMachine(), cacheMode: .cold)
        return try simulation.run(SyntheticSource(launch: launch()) { _, program in program.operations = operations })
            .counters
    }

    /// Half of each sector of 1 KiB: 16 of every 32 bytes.
    private func half(_ first: Int, at address: Int = 0) -> [Operation] {
        (0..<32).map { access(.store, at: address + 32 * $0 + first, bytes: 16) }
    }

    @Test func `Two halves make whole sectors without a read`() throws {
        let counters = try counters(half(0) + half(16))
        #expect(counters.hbmReadBytes == 0)
        #expect(counters.l2TexWriteSectors == 64)
    }

    @Test func `A half that is read needs the rest`() throws {
        let counters = try counters(
            half(0) + [access(.copyBypass, at: 0, bytes: 1024), .commitGroup, .awaitGroups(pending: 0)])
        #expect(counters.hbmReadBytes == 1024)
        let whole = try self.counters(half(0) + half(16) + [access(.copyBypass, at: 0, bytes: 1024), .commitGroup])
        #expect(whole.hbmReadBytes == 0)
    }

    @Test func `A half that leaves is read before it is written`() throws {
        // The L2 holds 48 KiB; four times as much passes through.
        let operations = (0..<192).flatMap { half(0, at: 1024 * $0) }
        let counters = try counters(operations)
        #expect(counters.hbmWriteBytes > 3 * 48 << 10)
        #expect(counters.hbmReadBytes == counters.hbmWriteBytes)
        let whole = try self.counters((0..<192).flatMap { half(0, at: 1024 * $0) + half(16, at: 1024 * $0) })
        #expect(whole.hbmWriteBytes == counters.hbmWriteBytes)
        #expect(whole.hbmReadBytes == 0)
    }
}
