import Kernels
import Machine
import Runs
import Simulator
import Trace
import Workloads

/// A forward call that simulates in well under a second.
package let smallShape = SSDShape(
    batch: 1, sequenceLength: 512, heads: 8, headDim: 64, groups: 1, stateDim: 64, chunkSize: 128)

/// The small call's launches, made anew.
package func smallLaunches() throws -> GeneratedLaunches {
    try Workload.launches(kernels: ["ssd-forward"], shape: smallShape)
}

/// The small call's result on an H200.
package func smallRun(cacheMode: CacheMode = .cold, threads: Int = 1) throws -> RunResult {
    try LaunchRunner.run(
        try smallLaunches(), machine: try MachineDescription(named: "h200"), cacheMode: cacheMode, threads: threads)
}

/// The small call as a trace.
package func smallTrace() throws -> [UInt8] {
    let buffer = ByteOutput.Buffer()
    try TraceGeneration.write(try smallLaunches(), to: ByteOutput(buffer: buffer))
    return buffer.bytes
}
