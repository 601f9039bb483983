import ArgumentParser
import Report
import Suggestions

/// Charts that a command writes besides its result.
package struct ChartOptions: ParsableArguments {
    @Option(
        name: .customLong("chart"),
        help: ArgumentHelp(
            "Writes a chart as a Vega-Lite specification with its data, for Scripts/render; repeatable. See docs/charts.md for "
                + "each command's kinds; without one, its first.",
            valueName: "kind=file.vl.json"))
    package var charts: [String] = []

    package init() {}

    /// The charts asked for, each with its file.
    /// - Throws: `ValidationError` for a kind that this command has not, and for two charts in one file.
    package func files<Kind: ChartKind>(of kinds: Kind.Type) throws -> [(kind: Kind, path: String)] {
        var files: [(kind: Kind, path: String)] = []
        for text in charts {
            let sides = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let names = Kind.allCases.map(\.rawValue).joined(separator: ", ")
            guard let kind = sides.count > 1 ? Kind(rawValue: sides[0]) : Kind.allCases.first else {
                let known = Kind.allCases.map(\.rawValue)
                let hint = Suggestion(for: sides[0], among: known, meanings: .charts, most: 2).nearest().map { $0 + "; " } ?? ""
                throw ValidationError("--chart \(text): there is no chart '\(sides[0])' here; \(hint)give one of \(names) before '='")
            }
            guard let path = sides.last, !path.isEmpty, path != "-" else {
                throw ValidationError("--chart \(text): give a file, as in \(names)=FILE.vl.json")
            }
            guard !files.contains(where: { $0.path == path }) else {
                throw ValidationError("--chart \(text): this file has a chart already; give each chart its own")
            }
            files.append((kind, path))
        }
        return files
    }

    /// Writes the charts.
    /// - Throws: also `TraceError.system` with the path.
    func write<Kind: ChartKind>(_ kinds: Kind.Type, of result: Kind.Result) throws {
        for (kind, path) in try files(of: kinds) { try ResultWriter.write(kind.specification(of: result).text, to: path) }
    }
}
