import Trace

/// How a text fits a format of CPUs' traces: the format's importer has read its first lines, so that what is recognised
/// is what can be imported.
struct CPUTrial {
    /// Lines but for blank ones and comments.
    var lines = 0
    /// Lines among them that have an access, or something else that only the format has.
    var fitting = 0
    /// Lines that are an error, and the first one's.
    private(set) var damaged = 0
    private(set) var firstDamage: TraceFormatError?

    mutating func addDamage(_ error: TraceFormatError) {
        if damaged == 0 { firstDamage = error }
        damaged += 1
    }

    /// Whether at most one line in ten is damaged.
    var fits: Bool { fitting > 0 && damaged * 10 <= lines }

    /// What a text of the format is called, its first damage included.
    func name(_ format: ImportFormat) -> String {
        guard case .malformed(let place, let what, let found, _) = firstDamage, let line = place.line else {
            return format.wanted
        }
        return "\(format.wanted), but for line \(line) where \(what) is \(found),"
    }
}
