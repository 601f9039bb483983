/// The launches of an input that a user chose by name and by number, and a count of the launches that were met.
struct LaunchChoice {
    /// Number of distinct names that are kept for hints.
    private static let nameLimit = 4096
    /// Number of names that a hint lists, and number of letters of each.
    private static let hints = 4
    private static let hintLetters = 80

    private let patterns: [String]
    private let ranges: [LaunchRange]
    private var patternIsMet: [Bool]
    private var rangeIsMet: [Bool]
    private var names: Set<String> = []
    private(set) var taken = 0
    private(set) var leftOut = 0
    private var damaged = 0

    /// Launches met so far.
    var met: Int { taken + leftOut + damaged }

    init(_ options: ImportOptions) {
        patterns = options.kernels
        ranges = options.launches
        patternIsMet = Array(repeating: false, count: patterns.count)
        rangeIsMet = Array(repeating: false, count: ranges.count)
    }

    /// Whether the choice depends on names.
    var needsNames: Bool { !patterns.isEmpty }

    /// Decides whether the next launch is taken.
    /// - Parameter kernel: gives the launch's kernel name. It is called where names matter and the number is chosen.
    mutating func takes(kernel: () throws -> String) rethrows -> Bool {
        var isTaken = meetsRange()
        if isTaken, needsNames {
            let name = try kernel()
            if names.count < Self.nameLimit { names.insert(name) }
            isTaken = false
            for place in patterns.indices where Self.matches(name, patterns[place]) {
                patternIsMet[place] = true
                isTaken = true
            }
        }
        if isTaken { taken += 1 } else { leftOut += 1 }
        return isTaken
    }

    /// Notes a launch that is left out because it is damaged.
    mutating func addDamaged() {
        _ = meetsRange()
        damaged += 1
    }

    /// Whether the next launch has a number that is chosen.
    private mutating func meetsRange() -> Bool {
        let number = met + 1
        var isMet = ranges.isEmpty
        for place in ranges.indices where ranges[place].contains(number) {
            rangeIsMet[place] = true
            isMet = true
        }
        return isMet
    }

    /// Notes what was left out.
    /// - Throws: `TraceFormatError.unsupported` where a part of the choice matches no launch.
    func report(of file: String, to summary: inout ImportSummary) throws(TraceFormatError) {
        let place = FormatPlace(file: file)
        for (range, isMet) in zip(ranges, rangeIsMet) where !isMet {
            throw .unsupported(
                place, what: "no launch has a number of '--launch \(range.description)'",
                cure: met == 1 ? "The input has one launch, number 1" : "The input has \(met) launches, from 1 on")
        }
        for (pattern, isMet) in zip(patterns, patternIsMet) where !isMet {
            let nearest = nearest(to: pattern)
            throw .unsupported(
                place,
                what:
                    "no launch\(ranges.isEmpty ? "" : " of those that --launch chooses") has a kernel named '\(pattern)'",
                cure: "The \(nearest.count == names.count ? "" : "nearest ")names are "
                    + nearest.joined(separator: ", ")
                    + "; * and ? in --kernel stand for any text and any character")
        }
        summary.count("launches left out by --kernel or --launch", UInt64(leftOut))
    }

    /// Names that contain the pattern's text, then names that differ least from it.
    private func nearest(to pattern: String) -> [String] {
        let letters = Array(
            pattern.lowercased().utf8.filter { $0 != UInt8(ascii: "*") && $0 != UInt8(ascii: "?") }.prefix(256))
        let ranked = names.map { name in
            let other = Array(name.lowercased().utf8.prefix(256))
            let isWithin =
                String(decoding: other, as: UTF8.self).range(of: String(decoding: letters, as: UTF8.self)) != nil
            return (name: name, distance: isWithin ? 0 : 1 + Self.distance(letters, other))
        }
        return ranked.sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }.prefix(Self.hints).map {
            "'\($0.name.prefix(Self.hintLetters))\($0.name.count > Self.hintLetters ? "..." : "")'"
        }
    }

    /// The number of letters to insert, remove or replace until one text becomes the other.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (place, letter) in left.enumerated() {
            var diagonal = row[0]
            row[0] = place + 1
            for other in right.indices {
                let change = diagonal + (letter == right[other] ? 0 : 1)
                diagonal = row[other + 1]
                row[other + 1] = min(change, diagonal + 1, row[other] + 1)
            }
        }
        return row[right.count]
    }

    /// Whether `name` is `pattern`, in which `*` stands for any text and `?` for any character.
    static func matches(_ name: String, _ pattern: String) -> Bool {
        let (text, form) = (Array(name.unicodeScalars), Array(pattern.unicodeScalars))
        var (place, formPlace) = (0, 0)
        // Where the last star stands, and how much text it has taken so far.
        var star: (form: Int, text: Int)?
        while place < text.count {
            if formPlace < form.count, form[formPlace] == "*" {
                star = (formPlace, place)
                formPlace += 1
            } else if formPlace < form.count, form[formPlace] == "?" || form[formPlace] == text[place] {
                place += 1
                formPlace += 1
            } else if let last = star {
                star = (last.form, last.text + 1)
                (place, formPlace) = (last.text + 1, last.form + 1)
            } else {
                return false
            }
        }
        return form[formPlace...].allSatisfy { $0 == "*" }
    }
}
