import Content

/// What can be wrong with measurements that predictions are to be compared with.
package enum MeasurementError: UserError, Equatable, Sendable {
    /// A measured table has no launch that can be generated.
    case nothingToValidate(file: String)
    /// A table of recorded launches has no row.
    case noRecordedLaunch(file: String)
    /// A table of recorded launches was given without the folder of their traces.
    case tracesNeeded(file: String)
    /// A folder of traces was given with a table of generated kernels.
    case tracesUnused(folder: String, file: String)
    /// No row of a table of recorded launches has this kernel.
    case unknownKernel(name: String, file: String, known: [String])
    /// What should be the folder of traces is none.
    case noFolder(path: String)

    package var isUsage: Bool {
        switch self {
        case .nothingToValidate, .noRecordedLaunch, .noFolder: false
        case .tracesNeeded, .tracesUnused, .unknownKernel: true
        }
    }

    package var description: String {
        switch self {
        case .nothingToValidate(let file):
            "\(file): no row is a forward launch of a kernel with a generator; give a table such as h200_ssd.csv"
        case .noRecordedLaunch(let file):
            "\(file): the table has no row; give a table such as h200_triton_dev.csv"
        case .tracesNeeded(let file):
            "\(file): its rows are recorded launches, which need their traces; "
                + "give --traces DIR, where DIR/NAME.weir is the trace of a row's name"
        case .tracesUnused(let folder, let file):
            "--traces \(folder): the launches of \(file) are generated, not recorded; leave --traces out"
        case .unknownKernel(let name, let file, let known):
            "--kernel \(name): no row of \(file) has this kernel; give one of \(known.joined(separator: ", "))"
        case .noFolder(let path):
            "--traces \(path): there is no such folder; give the one that has the traces"
        }
    }
}
