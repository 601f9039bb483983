import Trace

/// What the compiler makes of each kernel: instruction mix by stage, registers and shared memory.
package enum CostModel {
    /// Instructions per warp of `kernel` at `tiling`.
    package static func stageCosts(kernel: String, tiling: Tiling, shape: SSDShape) -> StageCosts {
        StageCosts(
            prologue: ComputeWork(instructions: 100), trip: ComputeWork(instructions: 200),
            epilogue: ComputeWork(instructions: 100))
    }

    /// Registers and shared memory of `kernel` at `tiling`.
    package static func resources(kernel: String, tiling: Tiling, shape: SSDShape) -> CompiledResources {
        CompiledResources(registersPerThread: 128, sharedMemoryBytes: 49152, isEstimated: true)
    }
}
