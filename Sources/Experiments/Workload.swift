import Kernels
import Trace

/// Turns what a user names into launches: kernels, a model with changes, tilings.
package enum Workload {
    package static func shape(
        model: String, batch: Int, sequenceLength: Int, chunkSize: Int, heads: Int?, headDim: Int?, groups: Int?, stateDim: Int?
    ) throws(ExperimentError) -> SSDShape {
        SSDShape(
            batch: batch, sequenceLength: sequenceLength, heads: heads ?? 128, headDim: headDim ?? 64, groups: groups ?? 8,
            stateDim: stateDim ?? 128, chunkSize: chunkSize)
    }

    package static func launches(
        kernels: [String], shape: SSDShape, tilings: [String]
    ) throws(ExperimentError) -> GeneratedLaunches {
        for tiling in tilings { _ = try TilingOption(tiling) }
        throw .unknownKernel(name: kernels[0], known: [])
    }
}
