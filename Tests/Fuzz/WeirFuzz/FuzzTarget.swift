import Trace
import TraceFormats

/// The readers that can be fuzzed. Every one must end with success or with an error of its room, in one line that names
/// the place; anything else stops the process, which libFuzzer reports.
enum FuzzTarget: String, CaseIterable {
    /// `TraceStreamReader` and, on what it reads, the request expander.
    case weirStream = "weir-stream"
    /// `TraceFileReader`.
    case weirFile = "weir-file"
    /// Plain bytes of a launch record and of chunks in an envelope with right checksums, through both readers and back.
    case weirPlain = "weir-plain"
    /// What `weir inspect` does, on plain bytes as for `weir-plain`.
    case inspect
    case din, lackey, ramulator, nvbit, champsim, drmemtrace
    /// Any of them: the content decides.
    case auto
    /// One `.traceg`.
    case accelSim = "accel-sim"
    /// A `kernelslist.g`, beside which lie two small kernels.
    case kernelslist
    /// gzip and xz streams, honest or damaged, around a text of lines.
    case compressed
    /// Machine files.
    case machine
    /// Measured tables, golden digests, time lines, and texts of `--set` and `--vary`.
    case validate, golden, lifetimes, settings
    /// Points lists and files of results of sweeps.
    case sweepPoints = "sweep-points"
    case sweepFile = "sweep-file"

    func run(_ bytes: [UInt8]) {
        switch self {
        case .weirStream: WeirTargets.stream(bytes)
        case .weirFile: WeirTargets.file(bytes)
        case .weirPlain: WeirTargets.plain(bytes)
        case .inspect: WeirTargets.inspect(bytes)
        case .din: ImportTargets.text(bytes, as: .din)
        case .lackey: ImportTargets.text(bytes, as: .lackey)
        case .ramulator: ImportTargets.text(bytes, as: .ramulator)
        case .nvbit: ImportTargets.text(bytes, as: .nvbit)
        case .champsim: ImportTargets.champSim(bytes)
        case .drmemtrace: ImportTargets.text(bytes, as: .drmemtrace)
        case .auto: ImportTargets.text(bytes, as: .auto)
        case .accelSim: ImportTargets.text(bytes, as: .accelSim)
        case .kernelslist: ImportTargets.kernelsList(bytes)
        case .compressed: ImportTargets.compressed(bytes)
        case .machine: MachineTarget.file(bytes)
        case .validate: TableTargets.validate(bytes)
        case .golden: TableTargets.golden(bytes)
        case .lifetimes: TableTargets.lifetimes(bytes)
        case .settings: TableTargets.settings(bytes)
        case .sweepPoints: SweepTargets.points(bytes)
        case .sweepFile: SweepTargets.file(bytes)
        }
    }
}
