import Analysis
import RunSupport
import TestSupport
import Testing
import Trace

@Suite("Inspection against naive models")
struct InspectLawTests {
    /// A launch of random warp requests over `span` bytes from an address near 2^64 or not.
    private func launch(_ numbers: inout SeededGenerator, span: Int, blocks: Int, requests: Int) -> HandMadeLaunch {
        var launch = HandMadeLaunch(blocks: blocks, tensors: ["a", "b", "c"])
        let base = Bool.random(using: &numbers) ? 1 << 33 : UInt64(bitPattern: Int64(-span / 2))
        for block in 0..<blocks {
            for _ in 0..<Int.random(in: 0...requests, using: &numbers) {
                let lanes = Int.random(in: 1...16, using: &numbers)
                let start = base &+ UInt64(Int.random(in: 0..<span, using: &numbers))
                let stride = [0, 4, 8, 128, 1000][Int.random(in: 0...4, using: &numbers)]
                let addresses = (0..<lanes).map { start &+ UInt64($0 * stride) }
                let kinds: [AccessKind] = [.load, .store, .copyBypass, .bulkStore]
                launch.add(
                    block: block, kinds[Int.random(in: 0...3, using: &numbers)],
                    tensor: Int.random(in: 0...2, using: &numbers),
                    laneBytes: [1, 4, 16][Int.random(in: 0...2, using: &numbers)], addresses)
            }
        }
        return launch
    }

    /// One line as a request of a block touches it.
    private struct Touch {
        var block: Int
        var tensor: Int
        var isWrite: Bool
        var line: UInt64
        var sectors: Set<UInt64>
    }

    /// All touches of a launch's lanes in order, lane by lane.
    private func touches(_ launch: HandMadeLaunch) -> [Touch] {
        var touches: [Touch] = []
        for (block, program) in launch.programs.enumerated() {
            for case .lanes(let access) in program.operations {
                let first = touches.count
                for lane in program.laneAddresses[Int(access.firstLane)...].prefix(Int(access.laneCount)) {
                    for byte in 0..<UInt64(access.laneBytes) {
                        let address = lane &+ byte
                        let line = address / 128
                        if let known = touches[first...].firstIndex(where: { $0.line == line }) {
                            touches[known].sectors.insert(address / 32)
                        } else {
                            touches.append(
                                Touch(
                                    block: block, tensor: Int(access.tensor), isWrite: !access.kind.isRead, line: line,
                                    sectors: [address / 32]))
                        }
                    }
                }
            }
        }
        return touches
    }

    private func footprint(_ touches: [Touch]) -> [UInt64] {
        let parts = [touches, touches.filter { !$0.isWrite }, touches.filter(\.isWrite)]
        return parts.map { UInt64($0.reduce(into: Set<UInt64>()) { $0.formUnion($1.sectors) }.count) }
            + parts.map { UInt64(Set($0.map(\.line)).count) }
    }

    private func values(_ footprint: Footprint) -> [UInt64] {
        [
            footprint.sectors, footprint.readSectors, footprint.writtenSectors, footprint.lines, footprint.readLines,
            footprint.writtenLines,
        ]
    }

    private func sharing(_ touches: [Touch], processors: Int) -> [Int: [UInt64]] {
        var members: [UInt64: Set<Int>] = [:]
        var counts: [UInt64: UInt64] = [:]
        for touch in touches {
            members[touch.line, default: []].insert(touch.block % processors)
            counts[touch.line, default: 0] += 1
        }
        var classes: [Int: [UInt64]] = [:]
        for (line, set) in members {
            var number = 0
            while 1 << number < set.count { number += 1 }
            let old = classes[number, default: [0, 0]]
            classes[number] = [old[0] + 1, old[1] + counts[line, default: 0]]
        }
        return classes
    }

    private func values(_ sharing: LineSharing) -> [Int: [UInt64]] {
        var classes: [Int: [UInt64]] = [:]
        for number in sharing.lines.indices where sharing.lines[number] > 0 {
            classes[number] = [sharing.lines[number], sharing.touches[number]]
        }
        return classes
    }

    /// Distances by a list of lines, the last touched one in front: cold touches, then buckets by number.
    private func reuse(_ touches: [Touch], tensor: Int?) -> [Int: UInt64] {
        var recent: [UInt64] = []
        var buckets: [Int: UInt64] = [:]
        for touch in touches {
            var bucket = -1
            if let distance = recent.firstIndex(of: touch.line) {
                recent.remove(at: distance)
                bucket = 0
                while 1 << bucket <= distance { bucket += 1 }
            }
            recent.insert(touch.line, at: 0)
            if tensor == nil || tensor == touch.tensor { buckets[bucket, default: 0] += 1 }
        }
        return buckets
    }

    private func values(_ reuse: ReuseHistogram) -> [Int: UInt64] {
        var buckets: [Int: UInt64] = reuse.cold > 0 ? [-1: reuse.cold] : [:]
        for (bucket, count) in reuse.buckets.enumerated() where count > 0 { buckets[bucket] = count }
        return buckets
    }

    @Test(
        "Footprints are those of sets, sharing that of sets of SMs, distances those of a list", arguments: [1, 5, 70])
    func models(processors: Int) throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("seed of 'inspection against naive models': \(seed)")
        var numbers = SeededGenerator(seed: seed)
        for span in [600, 20_000, 3_000_000] {
            let launch = launch(&numbers, span: span, blocks: 100, requests: 3)
            let touches = touches(launch)
            let summary = try launch.summary(processors: processors)
            for tensor in 0..<3 {
                let profile = summary.tensorProfiles[tensor]
                let own = touches.filter { $0.tensor == tensor }
                #expect(values(profile.footprint) == footprint(own), "seed \(seed), span \(span), tensor \(tensor)")
                #expect(values(profile.sharing) == sharing(own, processors: processors), "seed \(seed), span \(span)")
                #expect(
                    values(profile.reuse) == reuse(touches, tensor: tensor),
                    "seed \(seed), span \(span), tensor \(tensor)")
            }
            let all = try #require(summary.profile)
            #expect(values(all.footprint) == footprint(touches), "seed \(seed), span \(span)")
            #expect(values(all.sharing) == sharing(touches, processors: processors), "seed \(seed), span \(span)")
            #expect(values(all.reuse) == reuse(touches, tensor: nil), "seed \(seed), span \(span)")
        }
    }

    @Test("Distances stay exact through renumberings of positions")
    func renumbering() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("seed of 'renumbering': \(seed)")
        var numbers = SeededGenerator(seed: seed)
        var launch = HandMadeLaunch(blocks: 1, tensors: ["a"])
        // 16,000 touches of 400 lines, the first ones more often: the 4,096 positions run out four times.
        for _ in 0..<16_000 {
            let line = min(numbers.next() % 400, numbers.next() % 400)
            launch.add(block: 0, .load, tensor: 0, [line * 128])
        }
        let summary = try launch.summary()
        #expect(values(summary.tensorProfiles[0].reuse) == reuse(touches(launch), tensor: nil), "seed \(seed)")
    }

    @Test("Sums hold: touches by distance and by sharing, lines and first touches, bytes of blocks and of tensors")
    func sums() throws {
        var profiler: AccessProfiler? = AccessProfiler()
        let trace = try TraceSummary(reading: ByteInput(bytes: try smallTrace(), name: "small"), profiler: &profiler)
        for launch in trace.launches {
            let all = try #require(launch.profile)
            for (profile, traffic) in zip(launch.tensorProfiles + [all], launch.tensors + [launch.total]) {
                #expect(profile.sharing.lines.reduce(0, +) == profile.footprint.lines)
                #expect(profile.sharing.touches.reduce(0, +) == profile.reuse.touches)
                #expect(profile.blockTraffic.readBytes.sum == traffic.readBytes)
                #expect(profile.blockTraffic.writeSectorBytes.sum == traffic.writeSectors * Footprint.sectorBytes)
                #expect(
                    profile.readLeastSectors <= traffic.readSectors && profile.writeLeastSectors <= traffic.writeSectors
                )
                #expect(profile.footprint.sectors <= traffic.sectors)
            }
            #expect(all.reuse.cold == all.footprint.lines)
        }
    }
}
