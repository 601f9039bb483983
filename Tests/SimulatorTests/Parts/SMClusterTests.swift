import Machine
import Testing
import Trace

@testable import Simulator

/// Blocks by themselves, above a path that answers when the test says so.
@Suite struct SMClusterTests {
    /// Takes a line a cycle and keeps what it was asked.
    private struct Path: OperationPath {
        var reads: [(lines: Int, ticket: Int32, start: Double)] = []
        var stores: [Double] = []
        var atomics: [Int32] = []
        var fences: [(homes: UInt8, ticket: Int32, time: Double)] = []
        var invalidations = 0
        /// Lines of a read that are missing; the others hit.
        var missing = Int.max

        mutating func read(
            _ requests: [LineRequest], kind: AccessKind, throughL1: Bool, receivers: Int, sm: Int, ticket: Int32,
            at start: Double
        ) -> ReadOutcome {
            reads.append((requests.count, ticket, start))
            return ReadOutcome(issued: start + Double(requests.count), missingLines: min(missing, requests.count))
        }

        mutating func store(_ requests: [LineRequest], kind: AccessKind, sm: Int, at start: Double) -> Double {
            stores.append(start)
            return start + Double(requests.count)
        }

        mutating func reduce(_ requests: [LineRequest], isBulk: Bool, sm: Int, ticket: Int32, at start: Double) -> (
            free: Double, homes: UInt8
        ) {
            atomics.append(ticket)
            return (start + Double(requests.count), 1)
        }

        mutating func fence(homes: UInt8, sm: Int, ticket: Int32, at time: Double) {
            fences.append((homes, ticket, time))
        }

        mutating func invalidate(sm: Int) { invalidations += 1 }
    }

    /// One SM with two slots, whose blocks begin 10 cycles after their start.
    private func cluster(_ change: (inout MachineSettings) -> Void = { _ in }) throws -> SMCluster {
        let machine = try smallMachine {
            $0.launch.blockBaseCycles = 10
            $0.l1.hitLatencyCycles = 30
            $0.l1.missesInFlight = 8
            $0.sm.fenceCycles = 25
            change(&$0)
        }
        let constants = configuration(machine, blocksPerSM: 2)
        #expect(constants.windowCycles == 200)
        var cluster = SMCluster(machine: machine, half: 0, configuration: constants, board: FlagBoard())
        cluster.beginLaunch(constants, hasParts: false, flagsAddress: 0, isRecording: true)
        return cluster
    }

    /// Puts a block with these operations into a slot, from cycle 0 on.
    private func start(_ operations: [Operation], slot: Int = 0, in cluster: inout SMCluster) {
        cluster.programs[slot].operations = operations
        cluster.startBlock(slot: slot, block: slot, at: 0, isFirstWave: false)
    }

    /// The end of the block that ended last, or nil.
    private func end(_ cluster: borrowing SMCluster) -> Double? {
        cluster.freed.count == 0 ? nil : cluster.freed[cluster.freed.count - 1].time
    }

    @Test func `A block waits for the last answer to its load, and its time is booked`() throws {
        var cluster = try cluster()
        var path = Path()
        start([access(.load, at: 0, bytes: 256), .awaitLoads], in: &cluster)
        cluster.runEvents(in: 0, below: &path)
        #expect(path.reads.count == 1 && path.reads[0].lines == 2 && path.reads[0].start == 10)
        #expect(end(cluster) == nil && cluster.sms[0].outstandingLines == 2)
        cluster.deliver(ticket: path.reads[0].ticket, arrival: 450, now: 200)
        cluster.runEvents(in: 1, below: &path)
        #expect(end(cluster) == nil)
        cluster.deliver(ticket: path.reads[0].ticket, arrival: 420, now: 400)
        cluster.runEvents(in: 2, below: &path)
        #expect(end(cluster) == 450 && cluster.sms[0].outstandingLines == 0 && cluster.activeBlocks == 0)
        #expect(cluster.account.cycles(of: .start) == 10 && cluster.account.cycles(of: .loads) == 440)
        #expect(cluster.account.lifetimes.count == 1 && cluster.account.lastBlockEnd == 450)
        #expect(cluster.account.records.count == 1 && cluster.account.records[0].end == 450)
    }

    @Test func `A load that hits is there after the port and the hit's latency, without an answer`() throws {
        var cluster = try cluster()
        var path = Path(missing: 0)
        start([access(.load, at: 0, bytes: 256), .awaitLoads], in: &cluster)
        cluster.runEvents(in: 0, below: &path)
        // Ten cycles, two of the port, thirty of the hit.
        #expect(end(cluster) == 42)
    }

    @Test func `An SM's operations share its port, and what is more than its misses in flight waits for answers`()
        throws
    {
        var cluster = try cluster()
        var path = Path()
        start([access(.load, at: 0, bytes: 1024), access(.load, at: 4096, bytes: 128), .awaitLoads], in: &cluster)
        start([access(.store, at: 0, bytes: 256)], slot: 1, in: &cluster)
        cluster.runEvents(in: 0, below: &path)
        // Eight lines are on their way. The store behind them finds the port free at 18; it leaves by 20.
        #expect(path.reads.count == 1 && path.stores == [18] && end(cluster) == 20)
        for _ in 0..<8 { cluster.deliver(ticket: path.reads[0].ticket, arrival: 230, now: 200) }
        cluster.runEvents(in: 1, below: &path)
        #expect(path.reads.count == 2 && path.reads[1].start == 230)
        #expect(cluster.account.cycles(of: .port) == 220)
    }

    @Test func `A copy's group is waited for, and no later one`() throws {
        var cluster = try cluster()
        var path = Path()
        let copy = [access(.copyBypass, at: 0, bytes: 128), .commitGroup]
        start(copy + copy + [.awaitGroups(pending: 1), access(.store, at: 0, bytes: 128)], in: &cluster)
        cluster.runEvents(in: 0, below: &path)
        #expect(path.reads.count == 2 && path.stores.isEmpty)
        cluster.deliver(ticket: path.reads[0].ticket, arrival: 210, now: 200)
        cluster.runEvents(in: 1, below: &path)
        #expect(path.stores == [210])
        // The block ends with the second group.
        cluster.deliver(ticket: path.reads[1].ticket, arrival: 430, now: 400)
        cluster.runEvents(in: 2, below: &path)
        #expect(end(cluster) == 430)
    }

    @Test func `Stores wait while memory is booked too far ahead`() throws {
        var cluster = try cluster()
        var path = Path()
        cluster.holds.stores = 130
        start([access(.store, at: 0, bytes: 128)], in: &cluster)
        cluster.runEvents(in: 0, below: &path)
        #expect(path.stores == [130] && end(cluster) == 131)
        #expect(cluster.account.cycles(of: .stores) == 121)
    }

    @Test func `A fence waits for its answer behind writes, and for its own time without any`() throws {
        var cluster = try cluster()
        var path = Path()
        start([.invalidateL1, access(.store, at: 0, bytes: 128), .invalidateL1], in: &cluster)
        cluster.runEvents(in: 0, below: &path)
        // The first one ends at 35; the store takes the port until 36, and the second fence follows it.
        #expect(path.stores == [35] && path.invalidations == 2)
        #expect(path.fences.count == 1 && path.fences[0].homes == 1 && path.fences[0].time == 36)
        cluster.deliver(ticket: path.fences[0].ticket, arrival: 260, now: 200)
        cluster.runEvents(in: 1, below: &path)
        #expect(end(cluster) == 260)
    }

    @Test func `An atomic is waited for, a reduction is not`() throws {
        var cluster = try cluster()
        var path = Path()
        start([access(.reduction, at: 0, bytes: 4)], in: &cluster)
        cluster.runEvents(in: 0, below: &path)
        #expect(path.atomics == [-1] && end(cluster) == 11)
        start([access(.atomic, at: 0, bytes: 4), .awaitLoads], slot: 1, in: &cluster)
        cluster.runEvents(in: 0, below: &path)
        #expect(path.atomics.count == 2 && path.atomics[1] >= 0 && cluster.freed.count == 1)
        cluster.deliver(ticket: path.atomics[1], arrival: 333, now: 200)
        cluster.runEvents(in: 1, below: &path)
        #expect(end(cluster) == 333)
    }
}
