import Content

/// The verdict on a line of a file of results.
package enum SweepLineVerdict: Equatable, Sendable {
    /// It is whole, and its checksum agrees.
    case whole(SweepStoredLine)
    /// A sweep wrote the line or a part of it, but it has changed since. `.strange` is any text that is not JSON. Only
    /// the lines around it show that the file belongs to a sweep.
    case damaged(SweepDamage)
    /// It is JSON that no sweep wrote.
    case foreign

    /// Reads a line without its line end.
    package init(_ line: [UInt8]) {
        let agrees = SweepChecksum.agrees(line)
        let json: SweepJSON
        do {
            json = try SweepJSON(line)
        } catch {
            self = Self.broken(line)
            return
        }
        if let stored = SweepStoredLine(json), agrees ?? stored.isOfFirstLayout {
            self = .whole(stored)
        } else if agrees != nil {
            self = .damaged(.changed)
        } else if json["key"] != nil || json["checksum"] != nil || json["launches"] != nil {
            self = .damaged(.unsealed)
        } else {
            self = .foreign
        }
    }

    /// The verdict on a line that is not JSON.
    private static func broken(_ line: [UInt8]) -> Self {
        let start = Array(SweepFile.lineStart.utf8)
        var count = 0
        var rest = line[...]
        while let first = rest.firstIndex(of: start[0]) {
            rest = rest[first...]
            if rest.starts(with: start) { count += 1 }
            rest = rest.dropFirst()
        }
        if count == 0 { return .damaged(.strange) }
        return count == 1 && line.starts(with: start) ? .damaged(.cut) : .damaged(.glued)
    }
}

/// What happened to a line of results after it was written.
package enum SweepDamage: CaseIterable, Sendable {
    /// It is not whole.
    case cut
    /// It holds the text of several lines.
    case glued
    /// Its checksum does not agree with it.
    case changed
    /// Its checksum is not where it belongs.
    case unsealed
    /// It stands among a sweep's lines but is not one.
    case strange

    /// The description of the line, behind a subject in the singular or plural.
    func text(isPlural: Bool) -> String {
        switch self {
        case .cut: isPlural ? "are not whole" : "is not whole"
        case .glued: isPlural ? "hold the texts of several lines each" : "holds the texts of several lines"
        case .changed: isPlural ? "do not agree with their checksums" : "does not agree with its checksum"
        case .unsealed: isPlural ? "do not end with a checksum" : "does not end with a checksum"
        case .strange: isPlural ? "are no lines of a sweep" : "is no line of a sweep"
        }
    }
}

/// A whole line of results.
package struct SweepStoredLine: Equatable, Sendable {
    package let key: String
    package let status: SweepFile.Status
    /// The layout of the line and the version of the predictions.
    let format: String
    let version: String
    /// The whole contents of the line.
    let json: SweepJSON

    /// Whether the line is of this version of Weir. Only such lines count as done.
    package var isCurrent: Bool { format == SweepFormat.name && version == Version.current }

    /// The name of the version in messages.
    var versionText: String { version.isEmpty ? format : "Weir \(version)" }

    /// Returns nil for an object that lacks a member that every line has.
    fileprivate init?(_ json: SweepJSON) {
        guard let key = json["key"]?.asText, let status = (json["status"]?.asText).flatMap(SweepFile.Status.init),
            let format = json["format"]?.asText, let version = json["weir"]?.asText,
            key.utf8.count == SweepFile.keyDigits,
            key.utf8.allSatisfy({ Self.digits.contains($0) })
        else { return nil }
        (self.key, self.status, self.format, self.version, self.json) = (key, status, format, version, json)
    }

    /// Whether the line has the layout without checksums, with exactly its members.
    fileprivate var isOfFirstLayout: Bool {
        guard format == SweepFormat.withoutChecksums, case .object(let members) = json, let point = json["point"],
            case .object(let settings) = point
        else { return false }
        let names = members.map(\.name)
        let fixed = ["key", "status", "error", "format", "weir", "machine", "cache", "point"]
        guard names.starts(with: fixed), names.last == "launches", names.contains("wall_seconds") else { return false }
        let own = Set(settings.map(\.name) + ["wall_seconds", "machine_name", "sector_requests", "launches"])
        return names.dropFirst(fixed.count).allSatisfy { own.contains($0) || status == .ok && $0.hasPrefix("total_") }
    }

    private static let digits = Set("0123456789abcdef".utf8)
}
