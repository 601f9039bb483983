import Machine
import Models
import Operators
import Runs
import Simulator
import Workloads

/// A training step's predictions beside its measurement: launch by launch, and by kind of work.
///
/// Each kind of layer is simulated once, and its launches are the predictions of all layers of the kind.
package struct StepValidation: Sendable {
    /// A measured launch with its prediction.
    package struct Launch: Sendable {
        package let measured: MeasuredStep.Launch
        package let kernel: String
        package let columns: [ErrorSummary.Column]
        /// Whether grid and threads are the measured ones.
        package let isExact: Bool
    }

    package let step: MeasuredStep
    /// The launches that were compared, in the table's order.
    package let launches: [Launch]
    /// Rows without a predicted launch, and predicted launches without a row.
    package let unmatched: [MeasuredStep.Launch]
    package let surplus: Int
    /// The measured and predicted sums of each category that has launches.
    package let categories: [(name: String, measured: StepSums, predicted: StepSums)]
    package let measured: StepSums
    package let predicted: StepSums
    package let summaries: [ErrorSummary]

    /// - Throws: `ModelError` and `OperatorError` for sizes that the model cannot have, errors of the machine.
    package init(
        _ step: MeasuredStep, machine: MachineDescription, threads: Int, progress: ((RunProgress) -> Void)? = nil
    ) throws {
        let sms = machine.gpu.smCount
        let whole = try StepLaunches(step.model.step(everyLayer: true), multiprocessors: sms)
        let short = try StepLaunches(step.model.step(everyLayer: false), multiprocessors: sms)
        let run = try LaunchRunner.run(
            GeneratedLaunches(short.launches.map(\.source)), machine: machine, cacheMode: .chained, threads: threads,
            progress: progress)
        let places = Self.places(of: whole, in: short)
        let pairs = Self.align(step.launches, whole.launches)
        var launches: [Launch] = []
        var unmatched: [MeasuredStep.Launch] = []
        for (number, measured) in step.launches.enumerated() {
            guard let match = pairs[number] else {
                unmatched.append(measured)
                continue
            }
            let result = run.launches[places[match]]
            var columns: [ErrorSummary.Column] = [
                (step.durationColumn, measured.durationNanoseconds, result.durationNanoseconds)
            ]
            if let bytes = measured.readBytes {
                columns.append(("chain_dram_read_bytes", bytes, Double(result.counters.hbmReadBytes)))
            }
            if let bytes = measured.writeBytes {
                columns.append(("chain_dram_write_bytes", bytes, Double(result.counters.hbmWriteBytes)))
            }
            launches.append(
                Launch(
                    measured: measured, kernel: result.launch.kernel, columns: columns,
                    isExact: Self.fits(measured, whole.launches[match])))
        }
        self.step = step
        self.launches = launches
        self.unmatched = unmatched
        surplus = whole.launches.count - launches.count
        var sums: [String: (measured: StepSums, predicted: StepSums)] = [:]
        var (allMeasured, allPredicted) = (StepSums(), StepSums())
        for launch in step.launches {
            launch.add(to: &sums[launch.category, default: (StepSums(), StepSums())].measured)
            launch.add(to: &allMeasured)
        }
        for (number, launch) in whole.launches.enumerated() {
            let result = run.launches[places[number]]
            sums[launch.category.rawValue, default: (StepSums(), StepSums())].predicted.add(launch, result)
            allPredicted.add(launch, result)
        }
        let known = OperatorCategory.allCases.map(\.rawValue)
        let names = known + sums.keys.filter { !known.contains($0) }.sorted()
        categories = names.compactMap { name in sums[name].map { (name, $0.measured, $0.predicted) } }
        measured = allMeasured
        predicted = allPredicted
        summaries = ErrorSummary.all(of: launches.map(\.columns))
    }

    /// The shares of a table's launches that have a predicted one, and one of the measured grid and threads.
    package static func alignment(of step: MeasuredStep, with whole: StepLaunches) -> (paired: Double, exact: Double) {
        let pairs = align(step.launches, whole.launches)
        let exact = zip(step.launches, pairs).count { measured, place in
            place.map { fits(measured, whole.launches[$0]) } ?? false
        }
        let count = Double(max(1, step.launches.count))
        return (Double(pairs.count { $0 != nil }) / count, Double(exact) / count)
    }

    /// For each launch of the whole step, the launch that stands for it: that of the same layer, or of the last layer
    /// of its kind before it.
    private static func places(of whole: StepLaunches, in short: StepLaunches) -> [Int] {
        struct Part: Hashable {
            var layer: String
            var pass: OperatorPass
        }
        /// The number and kind of a layer such as `3.mamba2`; nil for other parts.
        func kind(_ layer: String) -> (number: Int, name: Substring)? {
            let parts = layer.split(separator: ".", maxSplits: 1)
            return parts.count == 2 ? Int(parts[0]).map { ($0, parts[1]) } : nil
        }
        var launches: [Part: [Int]] = [:]
        var equal: [[Int]: [Int]] = [:]
        for (index, launch) in short.launches.enumerated() {
            launches[Part(layer: launch.layer, pass: launch.pass), default: []].append(index)
            if launch.pass == .optimizer { equal[work(launch), default: []].append(index) }
        }
        let simulated = Set(short.launches.map(\.layer)).compactMap { layer in kind(layer).map { (layer, $0) } }
        func standIn(_ layer: String) -> String {
            guard let own = kind(layer) else { return layer }
            return simulated.filter { $0.1.name == own.name && $0.1.number <= own.number }
                .max { $0.1.number < $1.1.number }?.0 ?? layer
        }
        var standIns: [String: String] = [:]
        var used: [Part: Int] = [:]
        var usedWork: [[Int]: Int] = [:]
        return whole.launches.map { launch in
            if launch.pass == .optimizer, let same = equal[work(launch)] {
                // Of equal launches, the last simulated one stands for the rest.
                let number = usedWork[work(launch), default: 0]
                usedWork[work(launch)] = number + 1
                return same[min(number, same.count - 1)]
            }
            let layer = standIns[launch.layer] ?? standIn(launch.layer)
            standIns[launch.layer] = layer
            let number = used[Part(layer: launch.layer, pass: launch.pass), default: 0]
            used[Part(layer: launch.layer, pass: launch.pass)] = number + 1
            let own = launches[Part(layer: layer, pass: launch.pass)] ?? []
            return own.isEmpty ? 0 : own[min(number, own.count - 1)]
        }
    }

    /// Equal for launches of the optimizer that do the same work.
    private static func work(_ launch: StepLaunch) -> [Int] {
        ((launch.source as? any RepeatedLaunch)?.workKey ?? [launch.source.launch.grid.blockCount])
            + launch.op.utf8.map(Int.init)
    }

    private static func fits(_ measured: MeasuredStep.Launch, _ predicted: StepLaunch) -> Bool {
        let launch = predicted.source.launch
        return measured.grid == launch.grid && measured.threads == launch.threadsPerBlock
    }

    /// Pairs measured and predicted launches in order, those of one category only, so that most pairs have the same
    /// grid.
    /// - Returns: for each measured launch the number of its predicted one.
    private static func align(_ measured: [MeasuredStep.Launch], _ predicted: [StepLaunch]) -> [Int?] {
        let (rows, columns) = (measured.count, predicted.count)
        var best = [Int32](repeating: 0, count: (rows + 1) * (columns + 1))
        let categories = measured.map { OperatorCategory(rawValue: $0.category) }
        let wanted = predicted.map { ($0.category, $0.source.launch.grid, $0.source.launch.threadsPerBlock) }
        func score(_ row: Int, _ column: Int) -> Int32 {
            let (category, grid, threads) = wanted[column]
            guard categories[row] == category else { return 0 }
            return measured[row].grid == grid && measured[row].threads == threads ? 3 : 1
        }
        for row in (0..<rows).reversed() {
            for column in (0..<columns).reversed() {
                let here = score(row, column)
                let pair = here > 0 ? here + best[(row + 1) * (columns + 1) + column + 1] : 0
                best[row * (columns + 1) + column] = max(
                    pair, best[(row + 1) * (columns + 1) + column], best[row * (columns + 1) + column + 1])
            }
        }
        var pairs = [Int?](repeating: nil, count: rows)
        var (row, column) = (0, 0)
        while row < rows, column < columns {
            let here = score(row, column)
            let now = best[row * (columns + 1) + column]
            if here > 0, now == here + best[(row + 1) * (columns + 1) + column + 1] {
                pairs[row] = column
                row += 1
                column += 1
            } else if now == best[(row + 1) * (columns + 1) + column] {
                row += 1
            } else {
                column += 1
            }
        }
        return pairs
    }
}

extension MeasuredStep.Launch {
    fileprivate func add(to sums: inout StepSums) {
        sums.add(
            nanoseconds: durationNanoseconds, hbmReadBytes: readBytes ?? 0, hbmWriteBytes: writeBytes ?? 0,
            operations: operations ?? 0)
    }
}

/// A step's validation with its machine and its cost.
package struct StepValidationResult: Sendable {
    package let validation: StepValidation
    package let machine: MachineDescription
    /// The cost of the run; nil if reports must compare byte for byte.
    package let cost: RunCost?

    package init(validation: StepValidation, machine: MachineDescription, cost: RunCost?) {
        self.validation = validation
        self.machine = machine
        self.cost = cost
    }
}
