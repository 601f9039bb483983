import Machine
import Simulator
import Trace

/// DRAM read, write and copy by number and size of blocks. A copy counts its reads and its writes.
///
/// The measured sizes are unknown but long. The simulation therefore takes the time that the second half of a buffer
/// adds to the first. Start-up, and the dirty data that the L2 keeps, then cancel out.
struct BandwidthSuite: MicrobenchmarkSuite {
    func run(on machine: MachineDescription, reference: MicrobenchmarkReference, found: (MicrobenchmarkCase) -> Void)
        throws
    {
        for line in try reference.log().lines("bw") {
            guard line.fields.count == 5 else { throw line.missing("five fields") }
            let way = line.fields[1]
            let (blocks, threads) = (try line.count("grid"), try line.count("block", in: 1...1024))
            guard blocks > 0, threads > 0 else { throw line.missing("positive numbers of blocks and threads") }
            let small = Self.megabytes(way, blocks: blocks, threads: threads) << 20
            let first = try Self.seconds(way, bytes: small, blocks: blocks, threads: threads, machine: machine)
            let both = try Self.seconds(way, bytes: 2 * small, blocks: blocks, threads: threads, machine: machine)
            let moved = Double(small) * (way == "copy" ? 2 : 1)
            found(
                MicrobenchmarkCase(
                    group: .bandwidth, series: way, name: "\(blocks) x \(threads)",
                    scale: "\(2 * small >> 20) MiB less \(small >> 20)",
                    values: [
                        MicrobenchmarkValue(
                            "gb_per_second", measured: try line.value(in: "GB/s"),
                            predicted: moved / (both - first) * 1e-9)
                    ]))
        }
    }

    /// Enough for two rounds of four accesses of all threads. It is also enough for memory, rather than the SMs, to
    /// hold up writes.
    private static func megabytes(_ way: String, blocks: Int, threads: Int) -> Int {
        if blocks * threads > 500_000 { return 128 }
        if way == "write" { return blocks >= 66 ? 96 : 32 }
        return blocks >= 66 ? 64 : 32
    }

    private static func seconds(
        _ way: String, bytes: Int, blocks: Int, threads: Int, machine: MachineDescription
    ) throws -> Double {
        let source: SyntheticSource =
            switch way {
            case "read": Microbenchmarks.stream(.copyThroughL1, bytes: bytes, blocks: blocks, threads: threads)
            case "write": Microbenchmarks.stream(.store, bytes: bytes, blocks: blocks, threads: threads)
            default: Microbenchmarks.copy(bytes: bytes, blocks: blocks, threads: threads)
            }
        let result = try Simulation(machine: machine, cacheMode: .cold).run(source)
        return result.spanCycles / result.clockHertz
    }
}
