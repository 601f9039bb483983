/// The options of an import that only some formats take.
package enum ImportOption: String, CaseIterable, Sendable {
    case accessBytes = "--access-bytes"
    case noFetches = "--no-fetches"
    case cloudSuite = "--cloudsuite"
    /// Several names choose among launches. A single name becomes the name of the launch, where the whole trace becomes
    /// one launch.
    case kernels = "--kernel"
    case launch = "--launch"
    case keepWhole = "--keep-whole"
    case registers = "--registers"

    /// The options of formats whose traces hold launches of kernels.
    static let ofLaunches: Set<ImportOption> = [.kernels, .launch, .keepWhole, .registers]

    /// Why a format that does not take this option refuses it, and what to do.
    package func refusal(by format: ImportFormat) -> String {
        switch self {
        case .accessBytes: "\(rawValue): the lines of \(format.rawValue) name their sizes; leave it out"
        case .noFetches: "\(rawValue): \(format.rawValue) has no instruction fetches; leave it out"
        case .cloudSuite: "\(rawValue): \(format.rawValue) has no such layout; leave it out"
        case .kernels: "\(rawValue): the trace of \(format.rawValue) becomes one launch; give one name"
        case .launch, .keepWhole, .registers:
            "\(rawValue): the trace of \(format.rawValue) becomes one launch; leave it out"
        }
    }

    /// The formats that take it, such as `din, lackey and champsim`.
    package var formats: String {
        let names = ImportFormat.all.filter { $0.takes(self) }.map(\.rawValue)
        return (names.count > 1 ? names.dropLast().joined(separator: ", ") + " and " : "") + (names.last ?? "")
    }
}
