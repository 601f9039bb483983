import Machine
import Simulator
import Testing
import Trace

@Suite("Launches watched block by block")
struct ObservationTests {
    /// Keeps everything that it is told.
    private final class Watcher: LaunchObserver {
        var begun: [String] = []
        var blocks: [BlockRecord] = []
        var ended = 0

        func launchBegins(_ launch: KernelLaunch, occupancy: Occupancy, clockHertz: Double) {
            begun.append(launch.kernel)
        }
        func blocksEnded(_ blocks: [BlockRecord]) { self.blocks += blocks }
        func launchEnded(_ result: LaunchResult) { ended += 1 }
    }

    /// Blocks of different lengths that read and write memory and compute, on an H200.
    private func mixedLaunch(blocks: Int = 700) -> SyntheticSource {
        SyntheticSource(launch: launch(blocks: blocks, threads: 128, sharedMemoryBytes: 60 << 10, name: "mixed")) {
            block, program in
            for step in 0..<(1 + block % 5) {
                let place = (block * 7 + step) % 4096 * 4096
                program.operations.append(access(.copyBypass, at: place, bytes: 2048))
                program.operations.append(.commitGroup)
                program.operations.append(.awaitGroups(pending: 0))
                program.operations.append(.compute(ComputeWork(instructions: 40 + block % 3 * 200)))
                program.operations.append(access(.store, at: (32 << 20) + place, bytes: 512))
            }
        }
    }

    private func run(samples: Bool = false, watcher: Watcher? = nil, threads: Int = 1) throws -> LaunchResult {
        let simulation = try Simulation(
            machine: try MachineDescription(named: "h200"), cacheMode: .cold, threads: threads)
        return try simulation.run(mixedLaunch(), samples: samples, observer: watcher)
    }

    @Test("An SM with one slot is active except for its turnarounds")
    func turnaround() throws {
        let machine = try smallMachine()
        let simulation = try Simulation(machine: machine, cacheMode: .cold)
        let result = try simulation.run(SyntheticSource(launch: launch(blocks: 3)) { _, _ in })
        let turnaround = 2 * machine.launch.turnaroundCycles
        #expect(result.turnaroundCycles == turnaround)
        #expect(result.meanSMActiveCycles == result.spanCycles - turnaround)
        #expect(result.meanActiveWarps == 1)
        #expect(abs(result.turnaroundSlotShare - turnaround / result.spanCycles) < 1e-12)
        #expect(abs(result.idleSlotShare - result.turnaroundSlotShare) < 1e-12)
        #expect(result.sms.map(\.blocks) == [3])
        let means = try #require(result.smMeanLifetimes)
        #expect(means.lowerBound == result.lifetimes.mean && means.upperBound == means.lowerBound)
    }

    @Test("SMs that overlap their blocks' turnarounds stay active; those without blocks have none")
    func activity() throws {
        let watcher = Watcher()
        let result = try run(watcher: watcher)
        for (number, sm) in result.sms.enumerated() {
            let blocks = watcher.blocks.filter { Int($0.sm) == number }.sorted { $0.start < $1.start }
            var active = 0.0
            var covered = 0.0
            for block in blocks {
                active += max(0, block.end - max(block.start, covered))
                covered = max(covered, block.end)
            }
            #expect(sm.blocks == blocks.count)
            #expect(abs(sm.activeCycles - active) < 1e-6 * max(1, active))
            #expect(abs(sm.lifetimeCycles - blocks.reduce(0) { $0 + $1.lifetimeCycles }) < 1e-6)
            #expect(sm.activeCycles <= result.spanCycles)
        }
        let lives = result.meanActiveWarps * result.meanSMActiveCycles * Double(result.smCount)
        #expect(abs(lives - result.lifetimes.sum * Double(result.launch.warpsPerBlock)) < 1e-9 * lives)
    }

    @Test("Every block is recorded once, in a slot of its own, with all of its cycles accounted for")
    func records() throws {
        let watcher = Watcher()
        let result = try run(watcher: watcher)
        #expect(watcher.begun == ["mixed"] && watcher.ended == 1)
        #expect(watcher.blocks.map { Int($0.block) }.sorted() == Array(0..<700))
        var lastEnd: [Int: Double] = [:]
        var gaps = 0.0
        for block in watcher.blocks.sorted(by: { $0.start < $1.start }) {
            #expect(Int(block.slot) < result.occupancy.blocksPerSM)
            let slot = Int(block.sm) * result.occupancy.blocksPerSM + Int(block.slot)
            if let end = lastEnd[slot] {
                #expect(block.start >= end)
                gaps += block.start - end
            }
            lastEnd[slot] = block.end
            let used = TimeUse.allCases.reduce(0) { $0 + block.cycles(of: $1) }
            #expect(abs(used - block.lifetimeCycles) < 1e-3 * block.lifetimeCycles)
        }
        #expect(abs(gaps - result.turnaroundCycles) < 1e-6 * gaps)
    }

    @Test("Watching changes nothing, and sees the same on one thread and two")
    func unchanged() throws {
        let plain = try run()
        let one = Watcher()
        let two = Watcher()
        let watched = try run(samples: true, watcher: one)
        let parallel = try run(samples: true, watcher: two, threads: 2)
        #expect(plain.counters == watched.counters && plain.lifetimes == watched.lifetimes && plain.sms == watched.sms)
        #expect(plain.spanCycles == watched.spanCycles && plain.samples == nil)
        #expect(watched.samples == parallel.samples)
        #expect(one.blocks.map(\.block) == two.blocks.map(\.block) && one.blocks.map(\.end) == two.blocks.map(\.end))
    }

    @Test("Samples add up to the launch's counters and lifetimes and never exceed the peak bandwidth")
    func samples() throws {
        let result = try run(samples: true)
        let samples = try #require(result.samples)
        #expect(abs(samples.hbmReadBytes.reduce(0, +) - Double(result.counters.hbmReadBytes)) < 1)
        #expect(abs(samples.hbmWriteBytes.reduce(0, +) - Double(result.counters.hbmWriteBytes)) < 1)
        // Instructions and constants are counted when a launch ends and belong to no bucket.
        let settings = try MachineDescription(named: "h200").launch
        let constants =
            settings.constantSectors + settings.constantFabricSectors
            + (settings.constantSectorsPerSM + settings.constantFabricSectorsPerSM) * result.activeSMs
        #expect(samples.l2Sectors.reduce(0, +) == Double(result.counters.l2Sectors) - Double(constants))
        let resident = samples.residentBlocks.reduce(0, +) * samples.bucketCycles
        #expect(abs(resident - result.lifetimes.sum) < 1e-4 * resident)
        let limit = result.peakBytesPerSecond / result.clockHertz * samples.bucketCycles
        for bucket in 0..<samples.count {
            #expect(samples.hbmReadBytes[bucket] + samples.hbmWriteBytes[bucket] <= limit * (1 + 1e-9))
            #expect(samples.residentBlocks[bucket] <= Double(result.smCount * result.occupancy.blocksPerSM))
            #expect((0...100).contains(samples.l2HitPercent(bucket: bucket) ?? 0))
        }
    }

    @Test("A long launch's buckets double in width and stay few", arguments: [1000, 100_000, 1_000_000])
    func boundedSamples(instructions: Int) throws {
        let machine = try smallMachine()
        let simulation = try Simulation(machine: machine, cacheMode: .cold)
        let source = SyntheticSource(launch: launch(blocks: 3)) { _, program in
            program.operations = [.compute(ComputeWork(instructions: instructions))]
        }
        let result = try simulation.run(source, samples: true)
        let samples = try #require(result.samples)
        #expect(samples.count <= 512 && samples.count > (instructions > 1000 ? 128 : 8))
        #expect(Double(samples.count) * samples.bucketCycles >= result.spanCycles)
        let resident = samples.residentBlocks.reduce(0, +) * samples.bucketCycles
        #expect(abs(resident - result.lifetimes.sum) < 1e-4 * resident)
        #expect(samples.residentBlocks.allSatisfy { $0 <= 1 })
    }
}
