import ArgumentParser
import Report
import Suggestions

/// Charts that a command writes in addition to its result.
package struct ChartOptions: ParsableArguments {
    @Option(
        name: .customLong("chart"),
        help: ArgumentHelp(
            "Writes a chart as a Vega-Lite specification with its data, for Scripts/render; repeatable. See docs/charts.md for "
                + "each command's kinds; without one, its first.",
            valueName: "kind=file.vl.json"))
    package var charts: [String] = []

    package init() {}

    /// The requested charts, each with its file.
    /// - Throws: `ValidationError` for a kind that this command does not have, and for two charts in one file.
    package func files<Kind: ChartKind>(of kinds: Kind.Type) throws -> [(kind: Kind, path: String)] {
        var files: [(kind: Kind, path: String)] = []
        for text in charts {
            let sides = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let names = Kind.allCases.map(\.rawValue).joined(separator: ", ")
            if sides.count == 1, ChartNames.all.contains(text.lowercased()) {
                throw ValidationError(
                    Kind(rawValue: text.lowercased()) == nil
                        ? "--chart \(text): there is no chart '\(text)' \(Kind.place); give one of \(names) with its file, as in "
                            + "--chart \(Kind.allCases.first?.rawValue ?? text)=FILE.vl.json"
                        : "--chart \(text): the chart's file is missing; give --chart \(text.lowercased())=FILE.vl.json"
                )
            }
            guard let kind = sides.count > 1 ? Kind(rawValue: sides[0]) : Kind.allCases.first else {
                let known = Kind.allCases.map(\.rawValue)
                let hint =
                    Suggestion(for: sides[0], among: known, meanings: .charts, most: 2).nearest().map { $0 + "; " }
                    ?? ""
                throw ValidationError(
                    "--chart \(text): there is no chart '\(sides[0])' \(Kind.place); \(hint)give one of \(names) before '='"
                )
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

    /// Opens the charts' files.
    /// - Throws: also as `OutputFiles.open`.
    func open<Kind: ChartKind>(_ kinds: Kind.Type, in outputs: OutputFiles) throws -> ChartFiles<Kind> {
        ChartFiles(files: try files(of: kinds).map { ($0.kind, try outputs.open($0.path, as: "--chart")) })
    }
}

/// The charts of one kind of result, each with its open file.
struct ChartFiles<Kind: ChartKind> {
    let files: [(kind: Kind, file: OutputFile)]

    /// Writes the charts.
    /// - Throws: `TraceError.system` with the file.
    func write(of result: Kind.Result) throws {
        for (kind, file) in files { try file.write(kind.specification(of: result).text) }
    }
}
