import Kernels
import Machine
import Simulator
import Testing
import Workloads

@Suite("What the end of a training step leaves in the L2")
struct TrainingTailTests {
    @Test(
        "The tail of a training step leaves x in the L2 and takes it from ch_state_fwd's reads; B, C and dt stay away")
    func trainingStepTail() throws {
        let machine = try MachineDescription(preset: .h200)
        let shape = SSDShape(
            batch: 1, sequenceLength: 512, heads: 24, headDim: 64, groups: 1, stateDim: 128, chunkSize: 256)
        let allocation = SSDAllocation(shape: shape)
        func readBytes(afterTail: Bool) throws -> UInt64 {
            let simulation = try Simulation(machine: machine, cacheMode: .chained)
            let backward = SSDAllocation(shape: shape, pass: .backward)
            for kernel in afterTail ? SSDKernels.tail : [] {
                _ = try simulation.run(try SSDKernels.makeSource(kernel: kernel, allocation: backward))
            }
            return try simulation.run(try SSDKernels.makeSource(kernel: "ch_state_fwd", allocation: allocation))
                .counters.hbmReadBytes
        }
        let xBytes = UInt64(512 * 24 * 64 * 2)
        let (alone, after) = (try readBytes(afterTail: false), try readBytes(afterTail: true))
        #expect(alone >= xBytes)
        // What is left to read is B and the time step; the decay sums are the tail's too.
        #expect(after >= UInt64(512 * 128 * 2))
        #expect(alone - after >= xBytes)
    }
}
