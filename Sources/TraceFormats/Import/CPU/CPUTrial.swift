import Trace

/// How well a text fits a CPU format. The format's importer has read the first lines, so a recognised text can also be
/// imported.
struct CPUTrial {
    /// Number of lines without blank ones and comments.
    var lines = 0
    /// Lines among them that have an access, or something else that only this format has.
    var fitting = 0
    /// Number of damaged lines, and the error of the first one.
    private(set) var damaged = 0
    private(set) var firstDamage: TraceFormatError?

    mutating func addDamage(_ error: TraceFormatError) {
        if damaged == 0 { firstDamage = error }
        damaged += 1
    }

    /// Whether at most one line in ten is damaged.
    var fits: Bool { fitting > 0 && damaged * 10 <= lines }

    /// The name of a text of this format. It includes the first damage.
    func name(_ format: ImportFormat) -> String {
        guard case .malformed(let place, let what, let found, _) = firstDamage, let line = place.line else {
            return format.wanted
        }
        return "\(format.wanted), but for line \(line) where \(what) is \(found),"
    }
}
