import Content
import Kernels
import Trace
import Workloads

/// The place of a framework launch in a Mamba-2 call: among the launches before or after those of a kernel.
package struct GluePlace: Sendable {
    package let shape: SSDShape
    package let neighbour: SSDLaunch
    /// The tiling of the neighbour.
    package let tiling: Tiling
    package let follows: Bool
    /// Its index among the launches there.
    package let index: Int

    /// The launch's generator.
    /// - Parameter allocation: a backward call's tensors; nil makes a call of its own.
    /// - Throws: `KernelError` if `allocation` has no backward pass.
    func source(allocation: SSDAllocation?) throws(KernelError) -> any KernelGenerator {
        let allocation = allocation ?? SSDAllocation(shape: shape, pass: .backward)
        return follows
            ? try FrameworkGlue.launches(after: neighbour, tiling: tiling, allocation: allocation)[index]
            : try FrameworkGlue.launches(before: neighbour, allocation: allocation)[index]
    }
}

extension MeasuredLaunch {
    /// The rows of a table that can be generated, in the table's order. The neighbours of a framework launch tell its
    /// place.
    /// - Throws: as `init(row:sharedReserveBytes:previous:glue:)`, and `ReferenceError` for a framework launch if the
    ///   step has another one at its place.
    package static func launches(rows: [ReferenceRow], sharedReserveBytes: Int) throws -> [MeasuredLaunch] {
        var launches: [MeasuredLaunch] = []
        var pending: [ReferenceRow] = []
        /// The last kernel of the library.
        var last: MeasuredLaunch?
        func place(before next: MeasuredLaunch?) throws {
            guard let first = pending.first else { return }
            let places = try gluePlaces(after: last, before: next)
            for (index, row) in pending.enumerated() {
                guard index < places.count, places[index].kernel == row.text("kernel") else {
                    let expected = index < places.count ? places[index].kernel : "none"
                    throw ReferenceError(
                        file: row.file, line: row.line,
                        cause: "\(row.text("kernel") ?? "") is launch \(index + 1) of the framework here, "
                            + "where a step has \(expected)",
                        cure: "give the launches of a step in order")
                }
                launches.append(
                    try MeasuredLaunch(row: row, sharedReserveBytes: sharedReserveBytes, glue: places[index].place))
            }
            guard pending.count == places.count else {
                throw ReferenceError(
                    file: first.file, line: first.line,
                    cause: "\(pending.count) launches of the framework in a row, where a step has \(places.count)",
                    cure: "give all of them")
            }
            pending.removeAll()
        }
        for row in rows {
            if let kernel = row.text("kernel"), FrameworkGlue.kernels.contains(kernel) {
                pending.append(row)
                continue
            }
            let next = try MeasuredLaunch(row: row, sharedReserveBytes: sharedReserveBytes, previous: launches.last)
            try place(before: next)
            launches.append(next)
            last = next
        }
        try place(before: nil)
        return launches
    }

    /// The framework's launches between two kernels of a step.
    private static func gluePlaces(
        after last: MeasuredLaunch?, before next: MeasuredLaunch?
    ) throws -> [(kernel: String, place: GluePlace)] {
        var places: [(kernel: String, place: GluePlace)] = []
        func add(_ launch: MeasuredLaunch, follows: Bool) throws {
            guard let ssd = launch.subject.ssd else { return }
            let allocation = SSDAllocation(shape: ssd.shape, pass: .backward)
            let around = try TrainingStep.frameworkLaunches(
                around: ssd.launch(kernel: launch.kernel), tiling: ssd.tiling, allocation: allocation)
            for (index, source) in (follows ? around.after : around.before).enumerated() {
                let place = GluePlace(
                    shape: ssd.shape, neighbour: ssd.launch(kernel: launch.kernel), tiling: ssd.tiling,
                    follows: follows,
                    index: index)
                places.append((source.launch.kernel, place))
            }
        }
        if let last { try add(last, follows: true) }
        if let next { try add(next, follows: false) }
        return places
    }
}
