import Models
import Operators
import Simulator

/// Sums over launches of a training step. A launch counts as often as it stands for others.
package struct StepSums: Sendable {
    package private(set) var launches = 0
    package private(set) var nanoseconds = 0.0
    package private(set) var hbmReadBytes = 0.0
    package private(set) var hbmWriteBytes = 0.0
    /// Floating-point operations: two a multiply-add. Those of matrix products are what the operator asks for, those
    /// of other launches what their tensor cores execute.
    package private(set) var operations = 0.0
    /// Launches that last less than 5 us.
    package private(set) var short = 0

    package init() {}

    /// Sums that an earlier run has made.
    package init(
        launches: Int, nanoseconds: Double, hbmReadBytes: Double, hbmWriteBytes: Double, operations: Double
    ) {
        self.launches = launches
        self.nanoseconds = nanoseconds
        self.hbmReadBytes = hbmReadBytes
        self.hbmWriteBytes = hbmWriteBytes
        self.operations = operations
    }

    package mutating func add(_ launch: StepLaunch, _ result: LaunchResult) {
        let count = Double(launch.count)
        launches += launch.count
        nanoseconds += count * result.durationNanoseconds
        hbmReadBytes += count * Double(result.counters.hbmReadBytes)
        hbmWriteBytes += count * Double(result.counters.hbmWriteBytes)
        operations += count * (launch.operations ?? Double(result.counters.tensorOperations))
        if result.durationNanoseconds < 5000 { short += launch.count }
    }

    /// Adds one measured launch.
    package mutating func add(
        nanoseconds: Double, hbmReadBytes: Double, hbmWriteBytes: Double, operations: Double
    ) {
        launches += 1
        self.nanoseconds += nanoseconds
        self.hbmReadBytes += hbmReadBytes
        self.hbmWriteBytes += hbmWriteBytes
        self.operations += operations
        if nanoseconds < 5000 { short += 1 }
    }

    package var hbmBytes: Double { hbmReadBytes + hbmWriteBytes }
    /// Operations for each byte of HBM traffic; nil without traffic.
    package var intensity: Double? { hbmBytes > 0 ? operations / hbmBytes : nil }
    package var bytesPerSecond: Double { nanoseconds > 0 ? hbmBytes / (nanoseconds * 1e-9) : 0 }
    package var operationsPerSecond: Double { nanoseconds > 0 ? operations / (nanoseconds * 1e-9) : 0 }
}

/// What a profiler shows of a training step: time, traffic and operations by kind of work, and by layer.
package struct StepBreakdown: Sendable {
    package private(set) var total = StepSums()
    private var categories: [OperatorCategory: StepSums] = [:]
    /// The sums of layers, in the order of their first launches. The backward pass of a layer is part of it.
    package private(set) var layers: [(name: String, sums: StepSums)] = []
    private var layerPlaces: [String: Int] = [:]
    /// Operators without a generator: launches and time by name, in the order of first mention.
    package private(set) var estimates: [(name: String, sums: StepSums)] = []
    private var estimatePlaces: [String: Int] = [:]

    package init() {}

    package mutating func add(_ launch: StepLaunch, _ result: LaunchResult) {
        total.add(launch, result)
        categories[launch.category, default: StepSums()].add(launch, result)
        let layer = launch.layer.isEmpty ? launch.pass.rawValue : launch.layer
        let place = layerPlaces[layer] ?? layers.count
        if place == layers.count {
            layerPlaces[layer] = place
            layers.append((layer, StepSums()))
        }
        layers[place].sums.add(launch, result)
        guard launch.isEstimate else { return }
        let known = estimatePlaces[launch.op] ?? estimates.count
        if known == estimates.count {
            estimatePlaces[launch.op] = known
            estimates.append((launch.op, StepSums()))
        }
        estimates[known].sums.add(launch, result)
    }

    package subscript(category: OperatorCategory) -> StepSums { categories[category] ?? StepSums() }

    /// The share of the step's time, in percent.
    package func percent(_ sums: StepSums) -> Double {
        total.nanoseconds > 0 ? 100 * sums.nanoseconds / total.nanoseconds : 0
    }
}
