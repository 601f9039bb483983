import Content
import Machine
import Simulator
import Trace

/// Strides, writes and rereads, reductions, L1 footprints and asynchronous copies, each from empty caches.
struct GranularitySuite: MicrobenchmarkSuite {
    /// Bytes that Nsight's flush and the launch itself write in benchmarks that only read, roughly.
    private static let writeNoise = 3e6
    /// Bytes that reads of instructions and parameters add.
    private static let readNoise = 1e5
    private static let stridedBytes = 1 << 30

    func run(on machine: MachineDescription, reference: MicrobenchmarkReference, found: (MicrobenchmarkCase) -> Void)
        throws
    {
        for row in try reference.granularity().rows {
            let name = try row.required("case")
            guard let (series, source) = Self.source(of: name, multiprocessors: machine.gpu.smCount) else {
                throw ReferenceError(
                    file: row.file, line: row.line, cause: "no benchmark is called '\(name)'", cure: "remove the row")
            }
            let result = try Simulation(machine: machine, cacheMode: .cold).run(source)
            let counters = result.counters
            func value(_ quantity: String, _ column: String, _ predicted: Double, noise: Double = 0) throws
                -> MicrobenchmarkValue
            {
                MicrobenchmarkValue(
                    quantity, measured: try row.requiredNumber(column), predicted: predicted, noise: noise)
            }
            var values = [
                try value("l2_tex_sectors", "l2_tex_sectors", Double(counters.l2TexSectors)),
                try value("l2_fabric_sectors", "l2_fabric_sectors", Double(counters.l2FabricSectors)),
            ]
            if series == "l1foot" {
                let sectors = try row.requiredNumber("l1_sectors")
                values.insert(
                    MicrobenchmarkValue(
                        "l1_hit_pct", measured: 100 * (try row.requiredNumber("l1_hit_sectors")) / sectors,
                        predicted: counters.l1HitPercent), at: 0)
            } else {
                values += [
                    try value(
                        "dram_read_bytes", "dram_read_bytes", Double(counters.hbmReadBytes), noise: Self.readNoise),
                    try value(
                        "dram_write_bytes", "dram_write_bytes", Double(counters.hbmWriteBytes), noise: Self.writeNoise),
                ]
            }
            values.append(try value("duration_ns", "duration_ns", result.durationNanoseconds))
            found(MicrobenchmarkCase(group: .granularity, series: series, name: name, values: values))
        }
    }

    /// The series and the launch of a case such as `rdstride_64`, `write_8MB` or `l1foot_16KB_x10`; nil for other
    /// names.
    static func source(of name: String, multiprocessors: Int) -> (series: String, source: SyntheticSource)? {
        let parts = name.split(separator: "_")
        guard parts.count >= 2 else { return nil }
        /// Strides in bytes, sizes in KB or MB, and repetitions. Measurements have no larger ones.
        func whole(_ digits: some StringProtocol) -> Int? { Int(digits).flatMap { (1...4096).contains($0) ? $0 : nil } }
        let number = whole(parts[1].prefix { $0.isNumber })
        let times = parts.count > 2 ? whole(parts[2].dropFirst()) : nil
        func stream(_ kind: AccessKind, _ bytes: Int) -> SyntheticSource {
            Microbenchmarks.stream(kind, bytes: bytes, blocks: 8 * multiprocessors, threads: 256)
        }
        switch (parts[0], number, times) {
        case ("rdstride", let stride?, _):
            return ("rdstride", Microbenchmarks.strided(.load, stride: stride, bytes: stridedBytes))
        case ("wrstride", let stride?, _):
            return ("wrstride", Microbenchmarks.strided(.store, stride: stride, bytes: stridedBytes))
        case ("write", let size?, _): return ("write and reread", stream(.store, size << 20))
        case ("reread", let size?, _): return ("write and reread", stream(.load, size << 20))
        case ("redadd", let size?, let sweeps?):
            return ("redadd", Microbenchmarks.additions(bytes: size << 20, sweeps: sweeps))
        case ("l1foot", let size?, let passes?):
            return (
                "l1foot",
                Microbenchmarks.l1Footprint(bytes: size << 10, passes: passes, multiprocessors: multiprocessors)
            )
        case ("cpasync", _, _):
            return ("cpasync", stream(parts[1] == "ca" ? .copyThroughL1 : .copyBypass, 64 << 20))
        default: return nil
        }
    }
}
