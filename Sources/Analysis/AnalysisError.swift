import Content

/// What can be wrong with an inspection or a curve.
package enum AnalysisError: UserError, Equatable, Sendable {
    /// A launch touches more memory than an inspection keeps account of.
    case footprintLimit(place: String?, order: Int, kernel: String, pages: Int)
    /// A curve of launches that touch more than can be kept account of in so many bytes.
    case curveFootprint(place: String?, order: Int, kernel: String, bytes: Int)
    /// Options of a miss-ratio curve that do not go together.
    case impossibleCurve(option: String, reason: String)

    package var isUsage: Bool {
        switch self {
        case .impossibleCurve: true
        case .footprintLimit, .curveFootprint: false
        }
    }

    package var description: String {
        switch self {
        case .footprintLimit(let place, let order, let kernel, let pages):
            "\(place.map { "\($0): " } ?? "")launch \(order) (\(kernel)): touches more than \(pages) pages of 1 KiB, or shares them among "
                + "too many SMs: the account of each line would take more than \((pages * AccessProfiler.bytesPerPage) >> 20) MiB; raise "
                + "--footprint, or give --brief, which leaves footprints, sharing and reuse out"
        case .curveFootprint(let place, let order, let kernel, let bytes):
            "\(place.map { "\($0): " } ?? "")launch \(order) (\(kernel)): the account of each line, and of each tensor's misses by distance, "
                + "would take more than \(bytes >> 20) MiB: give a smaller share of the lines with --sample, such as 0.01, or longer lines with "
                + "--line, or traces of fewer launches and tensors"
        case .impossibleCurve(let option, let reason):
            "\(option): \(reason)"
        }
    }
}
