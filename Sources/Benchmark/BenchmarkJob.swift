import Analysis
import Kernels
import Trace
import Workloads

/// The timed work: the forward pass of one layer, with a multiple of the main job's batch.
struct BenchmarkJob {
    let scale: Int
    private let shape: SSDShape

    /// - Parameter sequenceLength: 4096 in the main job. A smaller value makes a quick check.
    init(model: String, sequenceLength: Int, chunkSize: Int, scale: Int) throws {
        self.scale = scale
        var parameters = LayerParameters()
        parameters.batch = scale
        parameters.sequenceLength = sequenceLength
        parameters.chunkSize = chunkSize
        shape = try SSDShape(parameters, model: model, multiprocessors: 132)
    }

    /// The launches. Each call makes them anew.
    func launches() throws -> GeneratedLaunches {
        try Workload.launches(kernels: ["ssd-forward"], shape: shape, tilings: [])
    }

    /// Each launch with all its programs in memory.
    func programs() throws -> [(launch: KernelLaunch, programs: [BlockProgram])] {
        var result: [(launch: KernelLaunch, programs: [BlockProgram])] = []
        var sequence = try launches()
        while var source = sequence.next() {
            let programs = try (0..<source.launch.grid.blockCount).map { block in
                var program = BlockProgram()
                try source.loadProgram(ofBlock: block, into: &program)
                return program
            }
            result.append((source.launch, programs))
        }
        return result
    }

    /// Reads every program of a sequence and drops it.
    static func drain(_ sequence: some LaunchSequence) throws {
        var sequence = sequence
        var program = BlockProgram()
        while var source = try sequence.next() {
            for block in 0..<source.launch.grid.blockCount { try source.loadProgram(ofBlock: block, into: &program) }
        }
    }

    /// The sectors that the launches' programs request. The function expands every operation to count them.
    func sectorRequests() throws -> UInt64 {
        var sequence = try launches()
        var sum: UInt64 = 0
        while let source = sequence.next() { sum += try LaunchSummary(source).total.sectors }
        return sum
    }
}
