import Machine
import Simulator

/// Footprints read 20 times by all SMs.
///
/// The measured hits belong to other replays than the DRAM bytes and the fabric's sectors. The hits fit a launch that
/// starts warm; the others fit one that starts cold. A cold launch therefore gives passes, sectors and time, and a
/// second launch after it gives the hits.
/// *Source:* l2-mechanism.md, section 2.
struct CapacitySuite: MicrobenchmarkSuite {
    private static let footprints = [28, 30, 32, 36, 40, 48, 52, 56, 60, 64]
    private static let passes = 20

    func run(on machine: MachineDescription, reference: MicrobenchmarkReference, found: (MicrobenchmarkCase) -> Void)
        throws
    {
        for row in try reference.capacity().rows {
            let size = try row.requiredCount("footprint_mib")
            guard Self.footprints.contains(size) else { continue }
            let mode = try row.required("mode")
            let bytes = size << 20
            let simulation = try Simulation(machine: machine, cacheMode: .chained)
            let source = Microbenchmarks.footprint(
                bytes: bytes, passes: Self.passes, moving: mode == "mode1", multiprocessors: machine.gpu.smCount)
            let cold = try simulation.run(source)
            let warm = try simulation.run(source).counters
            let sectors = try row.requiredNumber("l2_tex_sectors")
            found(
                MicrobenchmarkCase(
                    group: .capacity, series: mode, name: "\(size) MiB",
                    values: [
                        MicrobenchmarkValue(
                            "dram_passes", measured: try row.requiredNumber("dram_read_bytes") / Double(bytes),
                            predicted: Double(cold.counters.hbmReadBytes) / Double(bytes)),
                        MicrobenchmarkValue(
                            "l2_fabric_sectors", measured: try row.requiredNumber("l2_fabric_sectors"),
                            predicted: Double(cold.counters.l2FabricSectors)),
                        MicrobenchmarkValue(
                            "warm_tex_hit_pct",
                            measured: min(100, 100 * (try row.requiredNumber("l2_tex_hit_sectors")) / sectors),
                            predicted: 100 * Double(warm.l2TexHitSectors) / Double(max(1, warm.l2TexSectors))),
                        MicrobenchmarkValue(
                            "duration_ns", measured: try row.requiredNumber("duration_ns"),
                            predicted: cold.durationNanoseconds),
                    ]))
        }
    }
}
