import Foundation
import Machine
import Suggestions

/// One column of the points that files of a sweep's results hold; of points with several lines the last one.
package struct SweepResults: Sendable {
    /// One point's line.
    struct Point: Sendable {
        let key: String
        let status: SweepFile.Status
        /// What the point sets, the machine and the cache mode.
        var settings: [String: SweepValue]
        /// The machine's own name, or the one that was asked for.
        let machine: String
        /// The column's values: the point's own, or one for each of its launches; none where neither has it as a number.
        let values: [Value]
    }

    /// A value of a point, or of one of its launches.
    struct Value: Sendable {
        var number = 0
        var kernel: String?
        let value: Double
    }

    /// In the order of their first lines.
    private(set) var points: [Point] = []
    package let files: [String]
    package let metric: String
    /// Names of the columns that are numbers and no settings, of the first finished point.
    private var columns: [String] = []

    /// Reads files.
    ///
    /// A last line without its end is left out unless it is whole: a sweep may be writing it.
    /// - Parameters:
    ///   - metric: the column.
    ///   - points: by key, the only points to take, with settings that replace those in the file, where another sweep may have
    ///     written the line; nil: all, as the file has them.
    /// - Throws: `SweepError.unreadable`, or `.foreignLine` for a line that is no sweep's.
    package init(files: [String], metric: String, points wanted: [String: SweepPoint]? = nil) throws(SweepError) {
        self.files = files
        self.metric = metric
        var indices: [String: Int] = [:]
        for file in files {
            guard let data = try? Data(contentsOf: URL(filePath: file), options: .mappedIfSafe) else {
                throw .unreadable(file: file)
            }
            var start = data.startIndex
            var number = 0
            while start < data.endIndex {
                let lineEnd = data[start...].firstIndex(of: UInt8(ascii: "\n"))
                let line = data[start..<(lineEnd ?? data.endIndex)]
                start = (lineEnd ?? data.endIndex - 1) + 1
                number += 1
                guard !line.isEmpty else { continue }
                guard var point = read(line) else {
                    if lineEnd == nil, line.starts(with: SweepFile.lineStart.utf8) { break }
                    throw .foreignLine(file: file, line: number)
                }
                if let wanted {
                    guard let settings = wanted[point.key]?.settings else { continue }
                    point.settings = Dictionary(uniqueKeysWithValues: settings.map { ($0.parameter.name, $0.value) })
                }
                if let known = indices[point.key] {
                    points[known] = point
                } else {
                    indices[point.key] = points.count
                    points.append(point)
                }
            }
        }
    }

    /// Names of columns that are like the metric's.
    var nearestColumns: [String] { Suggestion(for: metric, among: columns, meanings: .columns).names }

    /// Reads a line; nil for one that no sweep wrote.
    private mutating func read(_ line: Data) -> Point? {
        guard let object = try? JSONSerialization.jsonObject(with: line) as? [String: Any], let key = object["key"] as? String,
            let point = object["point"] as? [String: String],
            let status = (object["status"] as? String).flatMap(SweepFile.Status.init)
        else { return nil }
        var settings: [String: SweepValue] = [:]
        for (name, text) in point { settings[name] = SweepValue(text: text, number: Self.number(object[name])) }
        for name in ["machine", "cache"] {
            if let text = object[name] as? String { settings[name] = SweepValue(text: text, number: nil) }
        }
        let launches = object["launches"] as? [[String: Any]] ?? []
        if columns.isEmpty, status == .ok {
            columns = Self.numbers(in: object).filter { settings[$0] == nil }
            columns += Self.numbers(in: launches.first ?? [:]).filter { $0 != "order" }
        }
        let own = settings[metric] == nil ? Self.number(object[metric]) : nil
        let values = own.map { [Value(value: $0)] }
            ?? launches.enumerated().compactMap { number, launch in
                Self.number(launch[metric]).map { Value(number: number, kernel: launch["kernel"] as? String ?? "", value: $0) }
            }
        let machine = object["machine_name"] as? String ?? object["machine"] as? String ?? ""
        return Point(key: key, status: status, settings: settings, machine: machine, values: values)
    }

    private static func number(_ value: Any?) -> Double? { (value as? NSNumber)?.doubleValue }

    private static func numbers(in object: [String: Any]) -> [String] {
        object.filter { number($0.value) != nil }.keys.sorted()
    }
}
