import Trace
import Workloads

/// Times the work around the simulation. Each part is timed alone: generating programs, expanding them, writing a trace
/// and reading it.
enum PhaseBenchmark {
    /// - Parameter repetitions: the number of runs, of which the fastest counts.
    static func measure(_ job: BenchmarkJob, repetitions: Int) throws -> [Measurement] {
        let requests = try job.sectorRequests()
        func measurement(_ phase: String, _ work: () throws -> Void) throws -> Measurement {
            let seconds = try Stopwatch.fastest(of: repetitions, work)
            return Measurement(
                phase: phase, scale: job.scale, threads: 1, sectorRequests: requests, seconds: seconds,
                repetitions: repetitions)
        }
        var results = [
            try measurement("generate") { try BenchmarkJob.drain(try job.launches()) },
            try measurement("generate and expand") { _ = try job.sectorRequests() },
        ]
        let launches = try job.programs()
        var bytes: [UInt8] = []
        results.append(
            try measurement("container write") {
                let buffer = ByteOutput.Buffer()
                var writer = try TraceWriter(output: ByteOutput(buffer: buffer))
                for (launch, programs) in launches {
                    try writer.begin(launch)
                    for program in programs { try writer.append(program) }
                    try writer.endLaunch()
                }
                try writer.finish()
                bytes = buffer.bytes
            })
        results.append(
            try measurement("container read") {
                try BenchmarkJob.drain(TraceLaunches(inputs: [ByteInput(bytes: bytes)]))
            })
        return results
    }
}
