import Analysis
import Foundation
import TestSupport
import Testing
import Trace

@Suite("Inspection of hand-made launches")
struct InspectTests {
    @Test("Footprint: sectors and lines once, what is read and written in both")
    func footprint() throws {
        var launch = HandMadeLaunch(blocks: 2, tensors: ["a", "b"])
        launch.add(block: 0, .load, tensor: 0, [0, 4, 32])  // line 0, sectors 0 and 1
        launch.add(block: 1, .load, tensor: 0, [36, 96])  // line 0, sectors 1 and 3
        launch.add(block: 1, .store, tensor: 0, [96, 128])  // line 0, sector 3; line 1, sector 0
        launch.add(block: 1, .atomic, tensor: 1, [1 << 30])  // counts as written
        let summary = try launch.summary()
        let a = summary.tensorProfiles[0].footprint
        #expect([a.sectors, a.readSectors, a.writtenSectors] == [4, 3, 2])
        #expect([a.lines, a.readLines, a.writtenLines] == [2, 1, 2])
        let all = try #require(summary.profile).footprint
        #expect([all.sectors, all.readSectors, all.writtenSectors] == [5, 3, 3])
        #expect([all.lines, all.readLines, all.writtenLines] == [3, 1, 3])
    }

    @Test("Tensors that touch the same sectors count them each, all together once")
    func overlap() throws {
        var launch = HandMadeLaunch(blocks: 3, tensors: ["a", "b", "c"])
        launch.add(block: 0, .load, tensor: 0, [0, 32])
        launch.add(block: 1, .store, tensor: 1, [32, 128])
        launch.add(block: 2, .load, tensor: 2, [0])
        launch.add(block: 2, .load, tensor: 1, [64])
        let summary = try launch.summary()
        #expect(summary.tensorProfiles.map(\.footprint.sectors) == [2, 3, 1])
        let all = try #require(summary.profile)
        #expect([all.footprint.sectors, all.footprint.readSectors, all.footprint.writtenSectors] == [4, 3, 2])
        #expect(all.footprint.lines == 2)
        // Line 0: SMs 0, 1 and 2 by four requests of a line; line 1: SM 1 alone. Tensor b has line 0 from SMs 1 and 2.
        #expect(all.sharing.lines == [1, 0, 1] && all.sharing.touches == [1, 0, 4])
        #expect(
            summary.tensorProfiles[1].sharing.lines == [1, 1] && summary.tensorProfiles[1].sharing.touches == [1, 2])
    }

    @Test("Coalescing: sectors of requests over the least that hold their distinct bytes")
    func coalescing() throws {
        var launch = HandMadeLaunch(blocks: 1, tensors: ["a"])
        launch.add(block: 0, .load, tensor: 0, (0..<32).map { UInt64($0) * 4 })  // 128 bytes: 4 sectors, least 4
        launch.add(block: 0, .load, tensor: 0, (0..<8).map { UInt64($0) * 64 })  // 32 bytes: 8 sectors, least 1
        launch.add(block: 0, .load, tensor: 0, [16, 20, 24, 28, 32, 36, 40, 44, 48])  // 36 bytes: 2 sectors, least 2
        launch.add(block: 0, .store, tensor: 0, [0, 0, 0])  // 4 bytes: 1 sector, least 1
        let summary = try launch.summary()
        let profile = summary.tensorProfiles[0]
        #expect(summary.tensors[0].readSectors == 14 && profile.readLeastSectors == 7)
        #expect(summary.tensors[0].writeSectors == 1 && profile.writeLeastSectors == 1)
        #expect(profile.laneRequests == 4 && profile.activeLanes == 52)
    }

    @Test("A tile's requests have least sectors for their covered bytes, and no known lanes")
    func tile() throws {
        var launch = HandMadeLaunch(blocks: 1, tensors: ["a"])
        // Two requests of 2 rows x 16 bytes, rows 256 apart, each twice: 2 sectors where one would do.
        launch.programs[0].operations = [
            .tile(
                TileAccess(
                    kind: .load, tensor: 0, elementBytes: 4, address: 0, rows: 4, rowBytes: 16, pitchBytes: 256,
                    requestRows: 2,
                    lanesPerRow: 4, laneBytes: 4, laneStrideBytes: 4, replicas: 2))
        ]
        let summary = try launch.summary()
        #expect(summary.tensors[0].readRequests == 4 && summary.tensors[0].readSectors == 8)
        #expect(summary.tensorProfiles[0].readLeastSectors == 4)
        #expect(summary.tensorProfiles[0].laneRequests == 0)
        // Lines 0 and 2 twice, then 4 and 6 twice.
        #expect(summary.tensorProfiles[0].reuse.cold == 4 && summary.tensorProfiles[0].reuse.buckets == [0, 4])
    }

    @Test("Bytes per block: mean, least and greatest, blocks that ask for nothing included")
    func blocks() throws {
        var launch = HandMadeLaunch(blocks: 4, tensors: ["a", "b"])
        launch.add(block: 0, .load, tensor: 0, [0, 4])  // 8 bytes, 1 sector
        launch.add(block: 0, .load, tensor: 1, [1 << 20])  // 4 bytes, 1 sector
        launch.add(block: 2, .load, tensor: 0, [0, 64, 128])  // 12 bytes, 3 sectors
        for block in 0..<4 { launch.add(block: block, .store, tensor: 1, laneBytes: 8, [UInt64(block) * 64]) }
        let summary = try launch.summary()
        let all = try #require(summary.profile).blockTraffic
        #expect(
            [all.readBytes.least, all.readBytes.greatest, all.readBytes.sum] == [0, 12, 24] && all.readBytes.mean == 6)
        #expect([all.readSectorBytes.least, all.readSectorBytes.greatest, all.readSectorBytes.sum] == [0, 96, 160])
        #expect([all.writeBytes.least, all.writeBytes.greatest] == [8, 8] && all.writeBytes.mean == 8)
        #expect(
            [all.writeSectorBytes.least, all.writeSectorBytes.greatest, all.writeSectorBytes.sum] == [32, 32, 128])
        let a = summary.tensorProfiles[0].blockTraffic
        #expect([a.readBytes.least, a.readBytes.greatest] == [0, 12] && a.readBytes.mean == 5)
        #expect([a.writeBytes.least, a.writeBytes.greatest] == [0, 0])
    }

    @Test("Stack distances: other lines between two touches of a line, over all tensors and blocks in order")
    func reuse() throws {
        var launch = HandMadeLaunch(blocks: 2, tensors: ["a", "b"])
        func line(_ number: UInt64) -> [UInt64] { [number * 128] }
        // Lines 0 1 1 2 0 | 3 4 0 1: distances - - 0 - 2 | - - 2 4.
        for number in [0, 1, 1, 2, 0] as [UInt64] { launch.add(block: 0, .load, tensor: 0, line(number)) }
        for number in [3, 4] as [UInt64] { launch.add(block: 1, .store, tensor: 1, line(number)) }
        for number in [0, 1] as [UInt64] { launch.add(block: 1, .load, tensor: 0, line(number)) }
        let summary = try launch.summary()
        #expect(summary.tensorProfiles[0].reuse.cold == 3)
        #expect(summary.tensorProfiles[0].reuse.buckets == [1, 0, 2, 1])
        #expect(summary.tensorProfiles[1].reuse.cold == 2 && summary.tensorProfiles[1].reuse.buckets.isEmpty)
        #expect(try #require(summary.profile).reuse.touches == 9)
    }

    @Test("Shared lines: block b on SM b mod --sms")
    func sharing() throws {
        var launch = HandMadeLaunch(blocks: 7, tensors: ["a"])
        for block in 0..<7 { launch.add(block: block, .load, tensor: 0, [0]) }
        for block in [0, 3, 6] { launch.add(block: block, .load, tensor: 0, [128]) }
        for block in [1, 2, 4] { launch.add(block: block, .load, tensor: 0, [256]) }
        // Three SMs: line 0 on all, line 1 on SM 0, line 2 on SMs 1 and 2.
        let three = try launch.summary(processors: 3).tensorProfiles[0].sharing
        #expect(three.lines == [1, 1, 1] && three.touches == [3, 3, 7])
        // As many SMs as blocks: seven, three and three.
        let seven = try launch.summary(processors: 7).tensorProfiles[0].sharing
        #expect(seven.lines == [0, 0, 2, 1] && seven.touches == [0, 0, 6, 7])
        #expect(try launch.summary(processors: 1).tensorProfiles[0].sharing.lines == [3])
    }

    @Test("Lines at the end of the address space and behind it do not trap")
    func addressWrap() throws {
        var launch = HandMadeLaunch(blocks: 1, tensors: ["a"])
        launch.add(block: 0, .load, tensor: 0, laneBytes: 64, [UInt64.max - 31])  // the last sector and sector 0
        launch.add(block: 0, .load, tensor: 0, [0])
        let profile = try launch.summary().tensorProfiles[0]
        #expect(profile.footprint.sectors == 2 && profile.footprint.lines == 2)
        #expect(profile.reuse.cold == 2 && profile.reuse.buckets == [1])
    }

    @Test("A launch that touches more pages than the limit is refused with the way out")
    func limit() throws {
        var launch = HandMadeLaunch(blocks: 1, tensors: ["a", "b"])
        launch.add(block: 0, .load, tensor: 0, [0, 1024, 4096])
        #expect(try launch.summary(pageLimit: 3).profile?.footprint.lines == 3)
        launch.add(block: 0, .load, tensor: 1, [0])
        let error = #expect(throws: AnalysisError.self) { _ = try launch.summary(pageLimit: 3) }
        #expect(error == .footprintLimit(place: nil, order: 0, kernel: "hand", pages: 3))
        #expect(error?.description.contains("--brief") == true)
        let usual = AnalysisError.footprintLimit(
            place: "a.weir", order: 2, kernel: "k", pages: AccessProfiler.defaultPageLimit)
        #expect(usual.description.hasPrefix("a.weir: launch 2 (k): touches more than 2097152 pages of 1 KiB"))
        #expect(usual.description.contains("would take more than 896 MiB;"))
    }

    @Test("One profiler serves launch after launch as new ones would")
    func manyLaunches() throws {
        var profiler: AccessProfiler? = AccessProfiler()
        for repetition in 0..<3 {
            var launch = HandMadeLaunch(blocks: 40, tensors: ["a", "b", "c"])
            var numbers = SeededGenerator(seed: UInt64(repetition))
            for block in 0..<40 {
                let addresses = (0..<32).map { _ in numbers.next() % 20_000 }
                launch.add(block: block, block % 3 == 0 ? .store : .load, tensor: block % 3, addresses)
            }
            #expect(try LaunchSummary(launch, order: repetition, profiler: &profiler) == (try launch.summary()))
        }
    }
}
