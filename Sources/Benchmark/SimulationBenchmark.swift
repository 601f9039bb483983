import Machine
import Runs

/// Times the simulation over trace lengths and thread counts. The times include the generation of programs.
enum SimulationBenchmark {
    static func measure(
        _ job: BenchmarkJob, machine: MachineDescription, threads: [Int], repetitions: Int
    ) throws -> [Measurement] {
        var results: [Measurement] = []
        for count in threads {
            var requests: UInt64 = 0
            let seconds = try Stopwatch.fastest(of: repetitions) {
                requests = try LaunchRunner.run(
                    try job.launches(), machine: machine, cacheMode: .cold, threads: count
                ).sectorRequests
            }
            results.append(
                Measurement(
                    phase: "simulate", scale: job.scale, threads: count, sectorRequests: requests, seconds: seconds,
                    repetitions: repetitions))
        }
        return results
    }
}
