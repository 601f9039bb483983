import Analysis
import Machine
import Simulator
import TestSupport
import Testing
import Trace
import Workloads

/// At the machine's own capacity a curve and a replay are two ways to the same counts.
@Suite("Curves and replay agree at the machine's capacity")
struct CurvePolicyTests {
    /// An L1 of a few lines, so that short programs overflow it.
    private func machine(ways: Int, sets: Int, allocates: Bool, further: [String] = []) throws -> MachineDescription {
        try MachineDescription(
            named: "h200",
            options: [
                "gpu.smCount=3", "l1.ways=\(ways)", "sm.unifiedCapacity=\(sets * ways * 128)B", "sm.carveOuts=[0]",
                "sm.sharedReserve=0B", "sm.sharedPerBlock=0B", "l1.allocatesOnWrite=\(allocates)", "l1.tags=0B",
                "l1.reserve=0B", "l1.replacement=lru", "l1.hash=modulo",
            ] + further)
    }

    /// One block of loads, copies, stores, reductions and invalidations with all hints.
    /// - Parameter isBulk: whether bulk copies are among them.
    private func launch(operations: Int, lines: UInt64, isBulk: Bool = true, using numbers: inout SeededGenerator)
        -> HandMadeLaunch
    {
        var launch = HandMadeLaunch(blocks: 1, tensors: ["a", "b"])
        let kinds: [AccessKind] =
            [
                .load, .load, .load, .store, .store, .store, .copyThroughL1, .copyBypass, .localLoad, .localStore,
                .reduction, .atomic,
            ] + (isBulk ? [.bulkLoad, .bulkStore] : [])
        for _ in 0..<operations {
            if Int.random(in: 0..<50, using: &numbers) == 0 {
                launch.programs[0].operations.append(
                    [.invalidateL1, .barrier, .awaitLoads].randomElement(using: &numbers)!)
                continue
            }
            let kind = kinds.randomElement(using: &numbers)!
            let hints: [CacheHint] =
                kind == .load
                ? [.normal, .normal, .evictFirst, .evictLast, .noAllocate, .bypassL1]
                : [.normal, .noAllocate, .evictFirst]
            let first = launch.programs[0].laneAddresses.count
            let tensor = Int.random(in: 0..<2, using: &numbers)
            let count = Int.random(in: 1...8, using: &numbers)
            let start = (1 << 24) + UInt64.random(in: 0..<lines * 4, using: &numbers) * 32
            // Rows of lanes, which cover sectors wholly, in part, or in pieces.
            let bytes = [4, 16, 32].randomElement(using: &numbers)!
            let stride = UInt64([bytes, 32, 160].randomElement(using: &numbers)!)
            launch.programs[0].laneAddresses += (0..<count).map { start + UInt64($0) * stride }
            launch.programs[0].operations.append(
                .lanes(
                    LaneAccess(
                        kind: kind, tensor: tensor, laneBytes: bytes, firstLane: first, laneCount: count,
                        hint: hints.randomElement(using: &numbers)!)))
        }
        return launch
    }

    @Test("L1: loads, stores, hints and invalidations of one block, with and without write allocation")
    func l1() throws {
        let seed = UInt64.random(in: 0..<1 << 32)
        var numbers = SeededGenerator(seed: seed)
        var (storeHits, storeMisses) = (UInt64(0), UInt64(0))
        for turn in 0..<24 {
            let ways = Int.random(in: 1...5, using: &numbers)
            // A machine has no less than 1 KiB.
            let sets = Int.random(in: (8 + ways - 1) / ways...9, using: &numbers)
            let machine = try machine(ways: ways, sets: sets, allocates: turn % 2 == 0)
            let isBulk = turn % 3 > 0
            let source = launch(operations: 300, lines: UInt64(ways * sets * 2), isBulk: isBulk, using: &numbers)
            let counters = try Simulation(machine: machine, cacheMode: .cold).run(source).counters
            var settings = CurveSettings()
            settings.level = .l1
            settings.organization = .waysOfSets(sets: [sets], ways: 8)
            let curve = try CurveRunner.run(GeneratedLaunches([source]), machine: machine, settings: settings).launches[
                0]
            #expect(curve.machinePoint == CurvePoint(capacityBytes: UInt64(sets * ways * 128), sets: sets, ways: ways))
            let point = try #require(curve.points.firstIndex { $0 == curve.machinePoint })
            let comment: Comment = "seed \(seed), turn \(turn), \(sets) sets of \(ways)"
            #expect(
                curve.reads.accesses - curve.reads.misses[point] == counters.l1LoadHitSectors
                    + counters.l1LocalLoadHitSectors, comment)
            #expect(
                curve.writes.accesses - curve.writes.misses[point] == counters.l1StoreHitSectors
                    + counters.l1LocalStoreHitSectors,
                comment)
            // Stores are accesses of the curve. Reductions, atomics and bulk copies are none, and the L1's counters do
            // not count them as stores.
            let stores = counters.l1StoreSectors + counters.l1LocalStoreSectors
            #expect(curve.writes.accesses == stores, comment)
            storeHits += counters.l1StoreHitSectors
            storeMisses += counters.l1StoreSectors - counters.l1StoreHitSectors
        }
        #expect(storeHits > 100 && storeMisses > 100)
    }

    @Test("L1, fully associative: the machine of one set beside the curve at its capacity")
    func fullyAssociative() throws {
        let seed = UInt64.random(in: 0..<1 << 32)
        var numbers = SeededGenerator(seed: seed)
        for turn in 0..<12 {
            let ways = Int.random(in: 8...24, using: &numbers)
            let machine = try machine(ways: ways, sets: 1, allocates: turn % 2 == 0)
            let source = launch(operations: 300, lines: UInt64(ways * 2), using: &numbers)
            let counters = try Simulation(machine: machine, cacheMode: .cold).run(source).counters
            for capacities in [CurveCapacities.listed([128, 512, UInt64(ways) * 128, 1 << 16]), .every] {
                var settings = CurveSettings()
                settings.level = .l1
                settings.capacities = capacities
                let curve = try CurveRunner.run(GeneratedLaunches([source]), machine: machine, settings: settings)
                    .launches[0]
                // Between two capacities at which misses change they stay.
                guard let point = curve.points.lastIndex(where: { $0.capacityBytes <= UInt64(ways) * 128 }) else {
                    continue
                }
                let hits =
                    counters.l1LoadHitSectors + counters.l1LocalLoadHitSectors + counters.l1StoreHitSectors
                    + counters.l1LocalStoreHitSectors
                #expect(
                    curve.total.accesses - curve.total.misses[point] == hits, "seed \(seed), turn \(turn), \(ways) ways"
                )
            }
        }
    }

    @Test(
        "Case 96: a store, then a load of the same bytes, hits in both commands; without write allocation it misses in both"
    )
    func storeThenLoad() throws {
        for (allocates, hits) in [(true, UInt64(128)), (false, 0)] {
            var source = HandMadeLaunch(blocks: 1, tensors: ["a"])
            for kind in [AccessKind.store, .load] {
                for warp in 0..<8 {
                    source.add(
                        block: 0, kind, tensor: 0, laneBytes: 16,
                        (0..<32).map { UInt64((1 << 24) + warp * 512 + $0 * 16) })
                }
            }
            let machine = try MachineDescription(named: "h200", options: ["l1.allocatesOnWrite=\(allocates)"])
            var settings = CurveSettings()
            settings.level = .l1
            settings.organization = .waysOfSets(sets: [128], ways: 16)
            let curve = try CurveRunner.run(GeneratedLaunches([source]), machine: machine, settings: settings).launches[
                0]
            let counters = try Simulation(machine: machine, cacheMode: .cold).run(source).counters
            #expect(curve.reads.accesses == 128 && curve.reads.accesses - curve.reads.misses[15] == hits)
            #expect(counters.l1LoadHitSectors == hits)
            #expect(curve.writes.misses[15] == 128 && counters.l1StoreHitSectors == 0)
        }
    }
}
