import ArgumentParser
import Machine
import Report
import Runs

/// `weir-benchmark` shows how many sector requests per second each part of Weir processes, on the main job and on
/// longer traces.
@main
struct WeirBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "weir-benchmark",
        abstract: "Times generation, the trace container and the simulation in sector requests per second.",
        discussion: """
            The job is the forward pass of one layer. Generation, expansion, writing and reading are timed alone, at the first \
            scale; the simulation, which pulls its programs from the generators, at every scale (a multiple of the batch) and \
            number of threads.
            """)

    @Option(help: "The model.") var model = "mamba2-8b"
    @Option(help: "Positions of a sequence.") var sequenceLength = 4096
    @Option(help: "Positions of a chunk.") var chunkSize = 256
    @Option(help: "A preset's name or a machine file.") var machine = "h200"
    @Option(parsing: .upToNextOption, help: "Trace lengths, as multiples of batch 1.") var scales = [1, 4, 16]
    @Option(parsing: .upToNextOption, help: "Thread counts, 1 or 2.") var threads = [1, 2]
    @Option(help: "Runs of which the fastest counts; longer traces run once.") var repetitions = 3
    @Flag(help: "Prints JSON instead of a table.") var json = false

    func validate() throws {
        guard repetitions >= 1 else { throw ValidationError("--repetitions is \(repetitions) and must be at least 1") }
        guard !scales.isEmpty, scales.allSatisfy({ (1...1024).contains($0) }) else {
            throw ValidationError("--scales must be numbers from 1 to 1024")
        }
        guard !threads.isEmpty, threads.allSatisfy({ (1...2).contains($0) }) else {
            throw ValidationError("--threads must be 1, 2 or both")
        }
    }

    func run() throws {
        let description = try MachineDescription(named: machine)
        var measurements: [Measurement] = []
        for (index, scale) in scales.enumerated() {
            let job = try BenchmarkJob(model: model, sequenceLength: sequenceLength, chunkSize: chunkSize, scale: scale)
            if index == 0 { measurements += try PhaseBenchmark.measure(job, repetitions: repetitions) }
            measurements += try SimulationBenchmark.measure(
                job, machine: description, threads: threads, repetitions: index == 0 ? repetitions : 1)
        }
        let facts: [(key: String, value: JSONValue)] = [
            ("model", .text(model)), ("sequence_length", .integer(sequenceLength)), ("chunk_size", .integer(chunkSize)),
            ("machine", .text(description.gpu.name)),
        ]
        print(
            json
                ? BenchmarkReport.json(measurements, job: facts, peakMemoryBytes: ProcessMemory.peakBytes)
                : BenchmarkReport.text(measurements),
            terminator: "")
    }
}
