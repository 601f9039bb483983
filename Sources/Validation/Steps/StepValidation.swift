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

    /// What one kind of work takes.
    package struct Sums: Sendable {
        package var nanoseconds = 0.0
        package var launches = 0
        package var readBytes = 0.0
        package var writeBytes = 0.0
        package var operations = 0.0
    }

    package let step: MeasuredStep
    /// The launches that were compared, in the table's order.
    package let launches: [Launch]
    /// Rows without a predicted launch, and predicted launches without a row.
    package let unmatched: [MeasuredStep.Launch]
    package let surplus: Int
    /// The measured and predicted sums of each category that has launches.
    package let categories: [(name: String, measured: Sums, predicted: Sums)]
    package let measured: Sums
    package let predicted: Sums
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
        var sums: [String: (measured: Sums, predicted: Sums)] = [:]
        for launch in step.launches {
            sums[launch.category, default: (Sums(), Sums())].measured.add(launch)
        }
        for (number, launch) in whole.launches.enumerated() {
            sums[launch.category.rawValue, default: (Sums(), Sums())].predicted.add(
                launch, run.launches[places[number]])
        }
        let known = OperatorCategory.allCases.map(\.rawValue)
        let names = known + sums.keys.filter { !known.contains($0) }.sorted()
        categories = names.compactMap { name in sums[name].map { (name, $0.measured, $0.predicted) } }
        measured = categories.reduce(into: Sums()) { $0.add($1.measured) }
        predicted = categories.reduce(into: Sums()) { $0.add($1.predicted) }
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

    /// For each launch of the whole step, the launch that stands for it.
    private static func places(of whole: StepLaunches, in short: StepLaunches) -> [Int] {
        struct Key: Hashable {
            var layer: String
            var pass: OperatorPass
            var number: Int
        }
        /// The kind of a layer such as `3.mamba2`; other layers are a kind of their own.
        func kind(_ layer: String) -> String {
            let parts = layer.split(separator: ".", maxSplits: 1)
            return parts.count == 2 && Int(parts[0]) != nil ? String(parts[1]) : layer
        }
        var known: [Key: Int] = [:]
        var named: [Key: Int] = [:]
        var counts: [Key: Int] = [:]
        func number(_ launch: StepLaunch) -> Int {
            let key = Key(layer: launch.layer, pass: launch.pass, number: 0)
            counts[key, default: -1] += 1
            return counts[key] ?? 0
        }
        for (index, launch) in short.launches.enumerated() {
            let own = number(launch)
            named[Key(layer: launch.layer, pass: launch.pass, number: own)] = index
            // Of layers of a kind, the one that stands for most others is in its steady state.
            let key = Key(layer: kind(launch.layer), pass: launch.pass, number: own)
            if launch.count >= known[key].map({ short.launches[$0].count }) ?? 0 { known[key] = index }
        }
        counts = [:]
        // The optimizer's equal launches: the second one stands for the rest.
        var equal: [[Int]: [Int]] = [:]
        for (index, launch) in short.launches.enumerated() where launch.pass == .optimizer {
            equal[work(launch), default: []].append(index)
        }
        var used: [[Int]: Int] = [:]
        return whole.launches.map { launch in
            let own = number(launch)
            if launch.pass == .optimizer, let same = equal[work(launch)] {
                let place = used[work(launch), default: 0]
                used[work(launch)] = place + 1
                return same[min(place, same.count - 1)]
            }
            return named[Key(layer: launch.layer, pass: launch.pass, number: own)]
                ?? known[Key(layer: kind(launch.layer), pass: launch.pass, number: own)] ?? 0
        }
    }

    /// Equal for launches of the optimizer that do the same work.
    private static func work(_ launch: StepLaunch) -> [Int] {
        ((launch.source as? any RepeatedLaunch)?.workKey ?? [launch.source.launch.grid.blockCount])
            + launch.op.utf8.map(Int.init)
    }

    private static func fits(_ measured: MeasuredStep.Launch, _ predicted: StepLaunch) -> Bool {
        let launch = predicted.source.launch
        return measured.grid == [launch.grid.x, launch.grid.y, launch.grid.z]
            && measured.threads == launch.threadsPerBlock
    }

    /// Pairs measured and predicted launches in order, those of one category only, so that most pairs have the same
    /// grid.
    /// - Returns: for each measured launch the number of its predicted one.
    private static func align(_ measured: [MeasuredStep.Launch], _ predicted: [StepLaunch]) -> [Int?] {
        let (rows, columns) = (measured.count, predicted.count)
        var best = [Int32](repeating: 0, count: (rows + 1) * (columns + 1))
        func score(_ row: Int, _ column: Int) -> Int32 {
            guard measured[row].category == predicted[column].category.rawValue else { return 0 }
            return fits(measured[row], predicted[column]) ? 3 : 1
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

extension StepValidation.Sums {
    mutating func add(_ launch: MeasuredStep.Launch) {
        nanoseconds += launch.durationNanoseconds
        launches += 1
        readBytes += launch.readBytes ?? 0
        writeBytes += launch.writeBytes ?? 0
        operations += launch.operations ?? 0
    }

    mutating func add(_ launch: StepLaunch, _ result: LaunchResult) {
        nanoseconds += result.durationNanoseconds
        launches += 1
        readBytes += Double(result.counters.hbmReadBytes)
        writeBytes += Double(result.counters.hbmWriteBytes)
        operations += launch.operations ?? Double(result.counters.tensorOperations)
    }

    mutating func add(_ other: StepValidation.Sums) {
        nanoseconds += other.nanoseconds
        launches += other.launches
        readBytes += other.readBytes
        writeBytes += other.writeBytes
        operations += other.operations
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
