import Kernels
import Runs
import Workloads

/// Measured and predicted division of a pass's time among the pipes that kernels use.
package struct MeasuredSplit: Sendable {
    package let shape: String
    package let pass: SSDPass
    package let measured: PipeSplit
    package let predicted: PipeSplit

    /// Predicted less measured share of a class, in points.
    package func difference(_ pipes: KernelPipes) -> Double { predicted.percent(pipes) - measured.percent(pipes) }
}

extension Validation {
    /// The splits of every shape whose rows are one whole training step: orders 0, 1, 2 ... without a gap, both passes,
    /// and a measured `cold_duration_ns` for each launch. Each shape has two splits, forward first.
    package var pipeSplits: [MeasuredSplit] {
        var shapes: [String] = []
        var rows: [String: [Launch]] = [:]
        for launch in launches {
            let name = launch.launch.shapeName
            if rows[name] == nil { shapes.append(name) }
            rows[name, default: []].append(launch)
        }
        return shapes.flatMap { Self.splits(shape: $0, launches: rows[$0] ?? []) }
    }

    private static func splits(shape: String, launches: [Launch]) -> [MeasuredSplit] {
        guard launches.map(\.launch.order) == Array(launches.indices) else { return [] }
        var splits: [SSDPass: (measured: PipeSplit, predicted: PipeSplit)] = [:]
        for (launch, pass) in zip(launches, TrainingStep.passes(of: launches.map(\.launch.kernel))) {
            guard let time = launch.columns.first(where: { $0.name == "cold_duration_ns" }),
                let pipes = pipes(of: launch)
            else { return [] }
            splits[pass, default: (PipeSplit(), PipeSplit())].measured.add(time.measured, pipes: pipes)
            splits[pass]?.predicted.add(time.predicted, pipes: pipes)
        }
        guard let forward = splits[.forward], let backward = splits[.backward] else { return [] }
        return [
            MeasuredSplit(shape: shape, pass: .forward, measured: forward.measured, predicted: forward.predicted),
            MeasuredSplit(shape: shape, pass: .backward, measured: backward.measured, predicted: backward.predicted),
        ]
    }

    /// The kernel's pipes: those of its source, or those of the measured counters; nil without either.
    private static func pipes(of launch: Launch) -> KernelPipes? {
        if let known = Registry.kernel(named: launch.launch.kernel)?.pipes { return known }
        // These numbers belong to a validated table, so that they can be read.
        let counted = ["tensor_bf16_ops", "fma_warp_inst"].compactMap { try? launch.launch.row.number($0) }
        guard counted.count == 2 else { return nil }
        return KernelPipes(tensorOperations: counted[0], fp32Operations: counted[1] * Double(PeakRates.lanes))
    }

    /// Shares in percent published for training Mamba-2 on an H100.
    ///
    /// *Source:* quoted in this project's specification, which does not name model, sizes or publication.
    package static let publishedSplits: [(pass: SSDPass, split: PipeSplit)] = [
        (.forward, PipeSplit(tensor: 2.40, vector: 8.55, both: 89.03)),
        (.backward, PipeSplit(tensor: 1.26, vector: 6.86, both: 91.87)),
    ]
}
