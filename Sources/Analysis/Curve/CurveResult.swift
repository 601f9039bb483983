import Machine
import Runs
import Trace

/// The curves of one launch.
package struct LaunchCurve: Equatable, Sendable {
    package let launch: KernelLaunch
    package internal(set) var points: [CurvePoint]
    /// The curve of all tensors together.
    package internal(set) var total: MissCurve
    /// The part of `total` that brings data to the SM, and the part that writes, reduces or updates atomically.
    package internal(set) var reads: MissCurve
    package internal(set) var writes: MissCurve
    /// One curve for each accessed tensor, in the launch's order.
    package internal(set) var tensors: [MissCurve]
    /// The least capacity at which only compulsory misses are left. With a sample it is an estimate. With sets it is
    /// the least simulated capacity, or nil if none is large enough.
    package let footprintBytes: UInt64?
    /// The L1 that the machine gives the launch beside the shared memory of its blocks. It is nil if the curve is not
    /// that of the L1, or if the machine's L1 has another organization than the curve.
    package let machinePoint: CurvePoint?

    mutating func keep(points count: Int) {
        points = Array(points.prefix(count))
        total.keep(points: count)
        reads.keep(points: count)
        writes.keep(points: count)
        for tensor in tensors.indices { tensors[tensor].keep(points: count) }
    }
}

/// Curves of launches that ran one after another.
package struct CurveResult: Sendable {
    package let settings: CurveSettings
    package let machine: MachineDescription
    package let launches: [LaunchCurve]
    package var cost: RunCost?

    /// - Parameter launches: their curves. If capacities are a ladder they cover all of it, and the points above all
    ///   footprints are left out.
    init(settings: CurveSettings, machine: MachineDescription, launches: [LaunchCurve]) {
        self.settings = settings
        self.machine = machine
        var launches = launches
        if settings.organization == .fullyAssociative, settings.capacities == .ladder,
            let points = launches.first?.points
        {
            let footprint = launches.compactMap(\.footprintBytes).max() ?? 0
            let count = points.firstIndex { $0.capacityBytes >= footprint }.map { $0 + 1 } ?? points.count
            for index in launches.indices { launches[index].keep(points: count) }
        }
        self.launches = launches
    }

    /// All launches together; nil if their points differ or there are none.
    package var total: MissCurve? {
        guard let first = launches.first, launches.allSatisfy({ $0.points == first.points }) else { return nil }
        return launches.dropFirst().reduce(into: first.total) { $0.add($1.total) }
    }
}
