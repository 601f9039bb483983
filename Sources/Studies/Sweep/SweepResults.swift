import Content
import Foundation
import Machine
import Suggestions

/// One column of the points in files of a sweep's results. If a point has several lines, the last one counts.
package struct SweepResults: Sendable {
    /// One point's line.
    struct Point: Sendable {
        let key: String
        let status: SweepFile.Status
        /// The point's settings, the machine and the cache mode.
        var settings: [String: SweepValue]
        /// The machine's own name, or the requested one.
        let machine: String
        /// The column's values: the point's own, or one for each of its launches. It is empty if neither has the column
        /// as a number.
        let values: [Value]
    }

    /// A value of a point, or of one of its launches.
    struct Value: Sendable {
        var number = 0
        var kernel: String?
        let value: Double
    }

    /// The points in the order of their first lines.
    private(set) var points: [Point] = []
    package let files: [String]
    package let metric: String
    /// The notes on lines that were left out.
    private(set) package var notes: [String] = []
    /// The names of the numeric columns of the first finished point that are not settings.
    private var columns: [String] = []

    /// Reads files.
    ///
    /// Damaged lines are left out. A last line without its end is left out if it is not whole, since a sweep may be
    /// writing it. If lines are of several versions of Weir, those of this version are taken. If none is of this
    /// version, those of the last line's version are taken.
    /// - Parameters:
    ///   - metric: the column.
    ///   - points: the only points to take, by key. Their settings replace those in the file, since another sweep may
    ///     have written the line. nil takes all points as the file has them.
    /// - Throws: `SweepError.unreadable`, or `.foreignLine` for a line that is not a sweep's.
    package init(files: [String], metric: String, points wanted: [String: SweepPoint]? = nil) throws(SweepError) {
        self.files = files
        self.metric = metric
        var lines: [(line: SweepStoredLine, file: Int)] = []
        var reports = files.map { SweepFileReport(file: $0) }
        for (index, file) in files.enumerated() {
            lines += try Self.lines(of: file, report: &reports[index]).map { ($0, index) }
        }
        let version = (lines.contains { $0.line.isCurrent } ? nil : lines.last?.line.versionText)
        var indices: [String: Int] = [:]
        for (line, file) in lines {
            guard version.map({ $0 == line.versionText }) ?? line.isCurrent else {
                reports[file].addOther(version: line.versionText)
                continue
            }
            var point = read(line)
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
        notes = reports.flatMap { $0.notes(runsAgain: false) }
        if let version {
            notes.append(
                "\(files.joined(separator: ", ")): the results are of \(version); this is Weir \(Version.current)")
        }
    }

    /// The whole lines of a file.
    private static func lines(of file: String, report: inout SweepFileReport) throws(SweepError) -> [SweepStoredLine] {
        guard let data = try? Data(contentsOf: URL(filePath: file), options: .mappedIfSafe) else {
            throw .unreadable(file: file)
        }
        var lines: [SweepStoredLine] = []
        var firstStrange: Int?
        var hasResults = false
        var start = data.startIndex
        var number = 0
        while start < data.endIndex {
            let lineEnd = data[start...].firstIndex(of: UInt8(ascii: "\n"))
            let line = data[start..<(lineEnd ?? data.endIndex)]
            start = (lineEnd ?? data.endIndex - 1) + 1
            number += 1
            guard !line.isEmpty else { continue }
            switch SweepLineVerdict(Array(line)) {
            case .whole(let stored):
                lines.append(stored)
                hasResults = true
            case .damaged(.cut) where lineEnd == nil:
                report.removed = number
                hasResults = true
            case .damaged(let damage):
                report.add(damage, line: number)
                if damage != .strange {
                    hasResults = true
                } else if firstStrange == nil {
                    firstStrange = number
                }
            case .foreign: throw .foreignLine(file: file, line: number)
            }
        }
        if let firstStrange, !hasResults { throw .foreignLine(file: file, line: firstStrange) }
        return lines
    }

    /// Names of columns that are similar to the metric's.
    var nearestColumns: [String] { Suggestion(for: metric, among: columns, meanings: .columns).names }

    private mutating func read(_ line: SweepStoredLine) -> Point {
        let json = line.json
        var settings: [String: SweepValue] = [:]
        if case .object(let point)? = json["point"] {
            for member in point {
                guard let text = member.value.asText else { continue }
                settings[member.name] = SweepValue(text: text, number: json[member.name]?.asNumber)
            }
        }
        for name in ["machine", "cache"] {
            if let text = json[name]?.asText { settings[name] = SweepValue(text: text, number: nil) }
        }
        var launches: [SweepJSON] = []
        if case .array(let elements)? = json["launches"] { launches = elements }
        if columns.isEmpty, line.status == .ok {
            columns = Self.numbers(in: json).filter { settings[$0] == nil }
            columns += (launches.first.map(Self.numbers) ?? []).filter { $0 != "order" }
        }
        let own = settings[metric] == nil ? json[metric]?.asNumber : nil
        let values =
            own.map { [Value(value: $0)] }
            ?? launches.enumerated().compactMap { number, launch in
                launch[metric]?.asNumber.map {
                    Value(number: number, kernel: launch["kernel"]?.asText ?? "", value: $0)
                }
            }
        let machine = json["machine_name"]?.asText ?? json["machine"]?.asText ?? ""
        return Point(key: line.key, status: line.status, settings: settings, machine: machine, values: values)
    }

    private static func numbers(in json: SweepJSON) -> [String] {
        guard case .object(let members) = json else { return [] }
        return members.filter { $0.value.asNumber != nil }.map(\.name).sorted()
    }
}
