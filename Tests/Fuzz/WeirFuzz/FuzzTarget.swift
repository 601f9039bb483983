import Trace
import TraceFormats

/// A reader that can be fuzzed. Every one must end with success or with an error of its room, in one line that names
/// the place; anything else stops the process, which libFuzzer reports.
struct FuzzTarget: Sendable {
    /// The name on the command line, and of the folder of its corpus.
    let name: String
    let run: @Sendable (_ bytes: [UInt8]) -> Void

    /// All targets. Every import format is one, by its name; `auto` lets the content decide.
    static let all =
        readers
        + ImportFormat.allCases.map { format in
            FuzzTarget(name: format.rawValue) { ImportTargets.input($0, as: format) }
        }

    private static let readers = [
        // `TraceStreamReader` and, on what it reads, the request expander.
        FuzzTarget(name: "weir-stream", run: WeirTargets.stream),
        // `TraceFileReader`.
        FuzzTarget(name: "weir-file", run: WeirTargets.file),
        // Plain bytes of a launch record and of chunks in an envelope with right checksums, through both readers and
        // back.
        FuzzTarget(name: "weir-plain", run: WeirTargets.plain),
        // What `weir inspect` does, on plain bytes as for `weir-plain`.
        FuzzTarget(name: "inspect", run: WeirTargets.inspect),
        // A `kernelslist.g`, beside which lie two small kernels. `accel-sim` reads one `.traceg`.
        FuzzTarget(name: "kernelslist", run: ImportTargets.kernelsList),
        // gzip and xz streams, honest or damaged, around a text of lines.
        FuzzTarget(name: "compressed", run: ImportTargets.compressed),
        // Machine files.
        FuzzTarget(name: "machine", run: MachineTarget.file),
        // Measured tables, golden digests, time lines, and texts of `--set` and `--vary`.
        FuzzTarget(name: "validate", run: TableTargets.validate),
        FuzzTarget(name: "golden", run: TableTargets.golden),
        FuzzTarget(name: "lifetimes", run: TableTargets.lifetimes),
        FuzzTarget(name: "settings", run: TableTargets.settings),
        // Points lists and files of results of sweeps.
        FuzzTarget(name: "sweep-points", run: SweepTargets.points),
        FuzzTarget(name: "sweep-file", run: SweepTargets.file),
    ]
}
