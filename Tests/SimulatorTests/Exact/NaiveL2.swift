import Machine

/// One partition of the L2 as the architecture page has it, in arrays and sets: lines youngest first, with the sectors
/// that are there, those that memory does not have yet, and those of which only some bytes were written.
struct NaiveL2 {
    private struct Line {
        var number: Int
        var valid: Set<Int> = []
        var dirty: Set<Int> = []
        var torn: Set<Int> = []
    }

    /// What memory moved: sectors read and written in all, and those of watched lines.
    struct Traffic: Equatable {
        var read = 0
        var written = 0
        var watchedRead = 0
        var watchedWritten = 0
        /// Sectors read because a partly written one left.
        var completed = 0
    }

    private let ways: Int
    private let refreshes: Bool
    private let sectorsPerLine: Int
    private let sectorsPerFetch: Int
    private let dirtyWays: Int
    /// The age in its set from which a dirty line is cleaned.
    private let cleanAge: Int
    private let writesThrough: Bool
    private let watched: Range<Int>
    private var sets: [[Line]]
    private(set) var traffic = Traffic()

    /// - Parameter watched: lines whose traffic is counted apart.
    init(_ settings: L2Settings, watched: Range<Int>) {
        ways = settings.ways
        refreshes = settings.replacement == .lru
        sectorsPerLine = settings.lineBytes / settings.sectorBytes
        sectorsPerFetch = settings.fetchBytes / settings.sectorBytes
        dirtyWays = Int(settings.dirtyShare * Double(settings.ways))
        // An age of two and a half ways is one of three.
        let age = settings.cleanAge * Double(settings.ways)
        cleanAge = Int(age) + (age > Double(Int(age)) ? 1 : 0)
        writesThrough = settings.writePolicy == .writeThrough
        self.watched = watched
        sets = Array(repeating: [], count: settings.capacityBytes / settings.lineBytes / settings.ways)
    }

    /// Reads sectors of a line; returns how many were there.
    mutating func read(_ number: Int, _ sectors: Set<Int>) -> Int {
        let set = number % sets.count
        let hits: Int
        var line: Line
        if let place = sets[set].firstIndex(where: { $0.number == number }) {
            line = sets[set][place]
            hits = line.valid.intersection(sectors).count
            let fetched = fetch(number, sectors.subtracting(line.valid))
            line.valid.formUnion(fetched)
            line.torn.subtract(fetched)
            put(line, at: place, in: set)
        } else {
            hits = 0
            makeRoom(in: set)
            line = Line(number: number)
            line.valid = fetch(number, sectors)
            sets[set].insert(line, at: 0)
        }
        return hits
    }

    /// Writes sectors of a line, `whole` of them in every byte.
    mutating func write(_ number: Int, _ sectors: Set<Int>, whole: Set<Int>) {
        let set = number % sets.count
        var place = sets[set].firstIndex { $0.number == number }
        if place == nil {
            makeRoom(in: set)
            sets[set].insert(Line(number: number), at: 0)
            place = 0
        }
        var line = sets[set][place ?? 0]
        let torn = sectors.subtracting(whole).subtracting(line.valid).subtracting(line.torn)
        line.valid.formUnion(sectors.subtracting(torn))
        line.torn = line.torn.subtracting(sectors).union(torn)
        let wasClean = line.dirty.isEmpty
        if writesThrough {
            count(number, written: sectors.count)
        } else {
            line.dirty.formUnion(sectors)
        }
        put(line, at: place ?? 0, in: set)
        if !writesThrough, wasClean, sets[set].count(where: { !$0.dirty.isEmpty }) > dirtyWays {
            cleanOldest(in: set, from: 0)
        }
    }

    /// Adds to sectors of a line: reads what is missing, and leaves them dirty. Returns how many were there.
    mutating func add(_ number: Int, _ sectors: Set<Int>) -> Int {
        let hits = read(number, sectors)
        write(number, sectors, whole: sectors)
        return hits
    }

    private mutating func put(_ line: Line, at place: Int, in set: Int) {
        sets[set].remove(at: place)
        sets[set].insert(line, at: refreshes ? 0 : place)
    }

    /// Whole fetches around the sectors.
    private mutating func fetch(_ number: Int, _ sectors: Set<Int>) -> Set<Int> {
        let fetched = Set(
            sectors.flatMap { sector -> Range<Int> in
                let first = sector / sectorsPerFetch * sectorsPerFetch
                return first..<min(first + sectorsPerFetch, sectorsPerLine)
            })
        count(number, read: fetched.count)
        return fetched
    }

    /// The oldest line leaves a full set; if it is clean, or there is room, the oldest dirty line is cleaned once it is
    /// old enough.
    private mutating func makeRoom(in set: Int) {
        if sets[set].count == ways, let oldest = sets[set].last, !oldest.dirty.isEmpty {
            writeBack(oldest)
            sets[set].removeLast()
            return
        }
        cleanOldest(in: set, from: cleanAge)
        if sets[set].count == ways { sets[set].removeLast() }
    }

    private mutating func cleanOldest(in set: Int, from age: Int) {
        guard let place = sets[set].lastIndex(where: { !$0.dirty.isEmpty }), place >= age else { return }
        writeBack(sets[set][place])
        sets[set][place].valid.formUnion(sets[set][place].torn)
        sets[set][place].dirty = []
        sets[set][place].torn = []
    }

    private mutating func writeBack(_ line: Line) {
        count(line.number, read: line.torn.count)
        traffic.completed += line.torn.count
        count(line.number, written: line.dirty.count)
    }

    private mutating func count(_ number: Int, read: Int = 0, written: Int = 0) {
        traffic.read += read
        traffic.written += written
        guard watched.contains(number) else { return }
        traffic.watchedRead += read
        traffic.watchedWritten += written
    }
}
