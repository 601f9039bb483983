import Content
import Foundation
import Machine
import Simulator
import Testing
import Trace
import Validation

@Suite("Microbenchmarks")
struct MicrobenchmarkTests {
    private func cold(_ source: SyntheticSource) throws -> LaunchResult {
        try Simulation(machine: try MachineDescription(preset: .h200), cacheMode: .cold).run(source)
    }

    @Test("Writing 8 MiB writes nothing to HBM and reads nothing from it")
    func smallWrite() throws {
        let counters = try cold(Microbenchmarks.stream(.store, bytes: 8 << 20, blocks: 1056, threads: 256)).counters
        #expect(counters.hbmWriteBytes == 0)
        #expect(counters.hbmReadBytes == 0)
    }

    @Test(
        "One read every 64 bytes reads all of memory, every 128 bytes half of it",
        arguments: [(32, 1), (64, 1), (128, 2), (256, 4)])
    func strides(stride: Int, share: Int) throws {
        let bytes = 8 << 20
        let counters = try cold(Microbenchmarks.strided(.load, stride: stride, bytes: bytes)).counters
        #expect(counters.hbmReadBytes == UInt64(bytes / share))
        #expect(counters.l2TexReadSectors == UInt64(bytes / stride))
    }

    @Test("208 KB read ten times hit the L1 in nine of them")
    func l1() throws {
        let source = Microbenchmarks.l1Footprint(bytes: 208 << 10, passes: 10, multiprocessors: 132)
        #expect(abs(try cold(source).counters.l1HitPercent - 90) < 0.01)
    }

    @Test("28 MiB fit the L2 whether their parts stay or move: one pass of memory", arguments: [false, true])
    func capacity(moving: Bool) throws {
        let bytes = 28 << 20
        let source = Microbenchmarks.footprint(bytes: bytes, passes: 2, moving: moving, multiprocessors: 132)
        #expect(try cold(source).counters.hbmReadBytes == UInt64(bytes))
    }

    @Test("Steps over cold memory spread as measured: near, far, and a few that meet a refresh")
    func chase() throws {
        let lines = Microbenchmarks.randomLines(of: 1 << 30, count: 300)
        func lifetime(_ lines: ArraySlice<Int>) throws -> Double {
            try cold(Microbenchmarks.chase(lines: Array(lines), footprintBytes: 1 << 30)).lifetimes.sum
        }
        let empty = try lifetime([])
        let steps = try lines.indices.map { try lifetime(lines[$0...$0]) - empty }.sorted()
        // Measured at 1 GiB: 526, 554, 685, 751 and 828 cycles at 10, 25, 50, 75 and 90 %, the last with translation
        // misses.
        for (quantile, measured, tolerance) in [
            (0.1, 526.0, 0.06), (0.25, 554, 0.06), (0.75, 751, 0.05), (0.9, 828, 0.12),
        ] {
            #expect(abs(steps[Int(quantile * 300)] / measured - 1) < tolerance)
        }
        #expect(steps[299] > 900)
        // A chain takes the sum of its steps, each with a delay of its own.
        let chain = try lifetime(lines[...]) - empty
        #expect(abs(chain / steps.reduce(0, +) - 1) < 0.03)
    }

    @Test("A long chase revisits no line, a short one all of them")
    func lines() {
        #expect(Microbenchmarks.randomLines(of: 1 << 14, count: 500).sorted() == Array(0..<128))
        #expect(Set(Microbenchmarks.randomLines(of: 1 << 33, count: 1000)).count == 1000)
    }
}
