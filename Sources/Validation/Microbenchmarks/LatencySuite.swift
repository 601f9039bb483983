import Machine
import Simulator

/// One-thread pointer chases: quantiles of the latencies of single reads, by footprint.
///
/// Two assumptions make three quarters of the reads near ones, as measured. First, all SMs have written the footprint
/// before, which leaves each line at home and half of the far ones in a copy. Second, the chase itself has run 2048
/// steps before it is timed, which covers the footprints below 1 MiB.
struct LatencySuite: MicrobenchmarkSuite {
    private static let warmSteps = 2048
    private static let timedSteps = 1024
    private static let quantiles = [10, 25, 50, 75, 90]
    /// Only this much of a larger footprint is filled. The state of the L2 after the fill depends on its end alone.
    private static let filledBytes = 128 << 20

    func run(on machine: MachineDescription, reference: MicrobenchmarkReference, found: (MicrobenchmarkCase) -> Void)
        throws
    {
        for line in try reference.log().lines("lat_cg") {
            guard line.fields.count == 3, let bytes = Int(line.fields[1]), bytes >= 128, bytes < 1 << 40 else {
                throw line.missing("footprint in bytes")
            }
            let latencies = try Self.latencies(footprintBytes: bytes, machine: machine)
            var values: [MicrobenchmarkValue] = []
            for quantile in Self.quantiles {
                values.append(
                    MicrobenchmarkValue(
                        "p\(quantile)_cycles", measured: try line.number("min", "p\(quantile)"),
                        predicted: latencies[min(latencies.count - 1, latencies.count * quantile / 100)]))
            }
            found(
                MicrobenchmarkCase(
                    group: .latency, series: "lat_cg", name: Self.name(of: bytes),
                    scale: bytes > Self.filledBytes ? "the last 128 MiB filled" : "", values: values))
        }
    }

    /// Latencies in cycles of single reads in a chase, in ascending order.
    static func latencies(footprintBytes bytes: Int, machine: MachineDescription) throws -> [Double] {
        let simulation = try Simulation(machine: machine, cacheMode: .chained)
        let filled = min(bytes, filledBytes)
        _ = try simulation.run(
            Microbenchmarks.stream(
                .store, bytes: filled, blocks: 8 * machine.gpu.smCount, threads: 256, offset: bytes - filled))
        let lines = Microbenchmarks.randomLines(of: bytes, count: warmSteps + timedSteps)
        func chase(_ steps: Range<Int>) throws -> Double {
            let part = steps.map { lines[$0 % lines.count] }
            return try simulation.run(Microbenchmarks.chase(lines: part, footprintBytes: bytes)).lifetimes.sum
        }
        let empty = try chase(0..<0)
        _ = try chase(0..<warmSteps)
        return try (warmSteps..<(warmSteps + timedSteps)).map { try chase($0..<($0 + 1)) - empty }.sorted()
    }

    private static func name(of bytes: Int) -> String {
        if bytes >= 1 << 30 { return "\(bytes >> 30) GiB" }
        return bytes >= 1 << 20 ? "\(bytes >> 20) MiB" : "\(bytes >> 10) KiB"
    }
}
