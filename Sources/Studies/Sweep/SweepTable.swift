import Foundation
import Machine

/// One column of a sweep's results over the varied settings. Charts of sweeps are drawn from it.
package struct SweepTable: Sendable {
    /// A setting that varies among the finished points, and its values.
    package struct Axis: Equatable, Sendable {
        package let name: String
        /// The unit, if the setting is a field of the machine.
        package let unit: FieldUnit?
        /// At least two values. Numbers are ascending; names are in the order of the file.
        package let values: [SweepValue]

        /// Whether every value is a number.
        package var isNumeric: Bool { values.allSatisfy { $0.number != nil } }
    }

    /// One value of the column.
    package struct Entry: Sendable {
        /// For each axis, the index of its value.
        package let places: [Int]
        /// The launch, for columns that every launch has. It is its kernel, with its number in front if a point has
        /// several launches.
        package let launch: String?
        package let value: Double
    }

    /// The column that is drawn if none is named.
    package static let defaultMetric = "total_duration_ns"

    package let metric: String
    /// The axes. The first is the one of lines and of a heat map's width, the second that of a heat map's rows. All
    /// others follow.
    package let axes: [Axis]
    package let entries: [Entry]
    /// The launches in order; empty for columns of whole points.
    package let launches: [String]
    /// Names of the machines.
    package let machines: [String]
    /// The number of points with at least one entry.
    package let finishedCount: Int
    package let failedCount: Int
    /// The number of finished points without the column or without a value of an axis.
    package let incompleteCount: Int

    /// Arranges a column of results by the varied settings.
    ///
    /// Without `x` and `y`, axes of numbers come before axes of names. Within each kind, axes with more values come
    /// first.
    /// - Parameters:
    ///   - results: the column's values at the points of any number of files.
    ///   - x: the name of the first axis, and `y` of the second.
    ///   - kernels: for columns that every launch has, the kernels whose launches are taken; empty for all.
    /// - Throws: `SweepError.unknownColumn`, `.unknownAxis`, `.unknownLaunch`, `.nothingVaries`, `.samePlace`,
    ///   `.noResults`.
    package init(
        _ results: SweepResults, x: String? = nil, y: String? = nil, kernels: [String] = []
    ) throws(SweepError) {
        metric = results.metric
        let finished = results.points.filter { $0.status == .ok }
        failedCount = results.points.count - finished.count
        guard !finished.isEmpty else { throw .noResults(files: results.files, failed: failedCount) }
        let values = finished.map(\.values)
        guard values.contains(where: { !$0.isEmpty }) else {
            throw .unknownColumn(name: metric, nearest: results.nearestColumns)
        }
        let known = Self.unique(values.joined().compactMap(\.kernel))
        for kernel in kernels where !known.contains(kernel) {
            throw .unknownLaunch(kernel: kernel, metric: metric, known: known)
        }
        axes = try Self.axes(of: finished, first: [x, y])
        var entries: [Entry] = []
        var seen: Set<String> = []
        var machines: [String] = []
        var launches: [(number: Int, name: String)] = []
        var finishedCount = 0
        for (point, found) in zip(finished, values) {
            let wanted = found.filter { kernels.isEmpty || kernels.contains($0.kernel ?? "") }
            let places = axes.map { axis in
                point.settings[axis.name].flatMap { setting in axis.values.firstIndex { $0.isSame(as: setting) } }
            }
            guard !wanted.isEmpty, !places.contains(nil) else { continue }
            finishedCount += 1
            if !machines.contains(point.machine) { machines.append(point.machine) }
            for value in wanted {
                let name = value.kernel.map { found.count > 1 ? "\(value.number + 1) \($0)" : $0 }
                guard seen.insert("\(places) \(name ?? "")").inserted else {
                    let place = axes.compactMap { axis in point.settings[axis.name].map { "\(axis.name)=\($0.text)" } }
                    throw .samePlace(key: point.key, place: place.joined(separator: " "))
                }
                if let name, !launches.contains(where: { $0.name == name }) { launches.append((value.number, name)) }
                entries.append(Entry(places: places.map { $0 ?? 0 }, launch: name, value: value.value))
            }
        }
        self.entries = entries
        self.machines = machines
        self.launches = launches.sorted { $0.number < $1.number }.map(\.name)
        self.finishedCount = finishedCount
        incompleteCount = finished.count - finishedCount
    }

    /// The settings with more than one value, in the order of `axes`.
    private static func axes(of points: [SweepResults.Point], first: [String?]) throws(SweepError) -> [Axis] {
        let fields = AnyField.gpu + AnyField.plain
        var axes: [Axis] = []
        for name in Set(points.flatMap(\.settings.keys)).sorted() {
            var values: [SweepValue] = []
            for value in points.compactMap({ $0.settings[name] })
            where !values.contains(where: { $0.isSame(as: value) }) {
                values.append(value)
            }
            guard values.count > 1 else { continue }
            if values.allSatisfy({ $0.number != nil }) { values.sort { ($0.number ?? 0) < ($1.number ?? 0) } }
            axes.append(Axis(name: name, unit: fields.first { $0.name == name }?.unit, values: values))
        }
        guard !axes.isEmpty else { throw .nothingVaries }
        let known = axes.map(\.name)
        for name in first.compactMap({ $0 }) where !known.contains(name) {
            throw .unknownAxis(name: name, known: known)
        }
        let rest = axes.enumerated().filter { !first.contains($0.element.name) }.sorted { left, right in
            (left.element.isNumeric ? 0 : 1, -left.element.values.count, left.offset)
                < (right.element.isNumeric ? 0 : 1, -right.element.values.count, right.offset)
        }
        var ordered = rest.map(\.element)
        for (place, name) in first.enumerated() {
            guard let axis = axes.first(where: { $0.name == name }) else { continue }
            ordered.insert(axis, at: min(place, ordered.count))
        }
        return ordered
    }

    private static func unique(_ names: [String]) -> [String] {
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }
}

extension SweepValue {
    /// Whether two values are the same, in any notation.
    fileprivate func isSame(as other: SweepValue) -> Bool {
        if let number, let otherNumber = other.number { number == otherNumber } else { text == other.text }
    }
}
