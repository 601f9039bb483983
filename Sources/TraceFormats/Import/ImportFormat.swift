/// The foreign traces that `weir import` reads.
package enum ImportFormat: String, CaseIterable, Sendable {
    /// Accel-Sim's `.traceg` and `kernelslist.g`.
    case accelSim = "accel-sim"
    /// The output of NVBit's `mem_trace` tool.
    case nvbit
    /// Dinero's `.din`, traditional and extended.
    case din
    /// The output of valgrind's lackey with `--trace-mem=yes`.
    case lackey
    /// Ramulator's and Ramulator 2's traces.
    case ramulator
    /// ChampSim's instruction records, binary.
    case champsim
    /// The final traces of DynamoRIO's drmemtrace, binary.
    case drmemtrace
    /// Whichever of the others the content fits.
    case auto

    /// Formats whose records are accesses of one requester; they become one launch.
    package static let ofCPUs: [ImportFormat] = [.din, .lackey, .ramulator, .champsim, .drmemtrace]

    /// What an input should be, with its article.
    package var wanted: String {
        switch self {
        case .accelSim: "a kernelslist.g or a .traceg of Accel-Sim"
        case .nvbit: "the output of NVBit's mem_trace"
        case .din: "a trace of Dinero"
        case .lackey: "the output of valgrind's lackey"
        case .ramulator: "a trace of Ramulator"
        case .champsim: "a trace of ChampSim"
        case .drmemtrace: "a final trace of DynamoRIO's drmemtrace"
        case .auto: "a trace of a format that 'weir import --help' lists"
        }
    }
}
