import Machine
import Simulator
import Trace

/// One cache set by set, after the definition and without regard to speed. No random replacement.
struct NaiveLines {
    let geometry: CacheGeometry
    private var sets: [UInt64: NaiveReplacement] = [:]
    private var dirty: Set<UInt64> = []

    init(_ geometry: CacheGeometry) { self.geometry = geometry }

    /// The lines of `bytes` bytes from `address` on with the bytes in each, found byte by byte.
    func lines(address: UInt64, bytes: Int) -> [(line: UInt64, bytes: Int)] {
        var lines: [(line: UInt64, bytes: Int)] = []
        for byte in 0..<UInt64(bytes) {
            let line = (address &+ byte) / UInt64(geometry.lineBytes)
            if lines.last?.line == line { lines[lines.count - 1].bytes += 1 } else { lines.append((line, 1)) }
        }
        return lines
    }

    /// - Returns: whether the line was there, and the dirty line that left for it.
    mutating func touch(_ line: UInt64, dirty: Bool, allocates: Bool) -> (isHit: Bool, written: UInt64?) {
        let set = line % UInt64(geometry.sets)
        guard allocates || holds(line) else { return (false, nil) }
        let (isHit, left) = sets[set, default: NaiveReplacement(geometry.replacement, ways: geometry.ways)].access(
            Int(line))
        if dirty { self.dirty.insert(line) }
        guard let left = left.map(UInt64.init), self.dirty.remove(left) != nil else { return (isHit, nil) }
        return (isHit, left)
    }

    private func holds(_ line: UInt64) -> Bool { sets[line % UInt64(geometry.sets)]?.holds(Int(line)) ?? false }

    /// - Returns: whether the line was there to be marked.
    mutating func mark(_ line: UInt64) -> Bool {
        guard holds(line) else { return false }
        dirty.insert(line)
        return true
    }
}

/// The plain hierarchy written down rule by rule.
struct NaiveCore {
    private let settings: PlainSettings
    private var i1: NaiveLines
    private var d1: NaiveLines
    private var ll: NaiveLines
    private(set) var counters = PlainCounters()
    /// Whether the access at hand is of unknown type.
    private var isUnknown = false

    init(_ settings: PlainSettings) {
        self.settings = settings
        i1 = NaiveLines(settings.i1)
        d1 = NaiveLines(settings.d1)
        ll = NaiveLines(settings.ll)
    }

    private var isOnce: Bool { settings.core.straddle == .once }

    mutating func access(_ kind: AccessKind, address: UInt64, bytes: Int, unknown: Bool = false) {
        isUnknown = unknown
        counters.accesses += 1
        counters.sectors += UInt64(Set((0..<UInt64(bytes)).map { (address &+ $0) / 32 }).count)
        if kind == .atomic { counters.modifies += 1 }
        let isFetch = kind == .fetch && settings.core.hasInstructionCache
        let writes = kind == .store || kind == .atomic
        let allocates = kind != .store || settings.d1Writes.allocates
        let marks = writes && settings.d1Writes.policy == .writeBack
        var shortest = min(settings.d1.lineBytes, settings.ll.lineBytes)
        if settings.core.hasInstructionCache { shortest = min(shortest, settings.i1.lineBytes) }
        let length = isOnce ? min(bytes, shortest) : bytes
        let lines = isFetch ? i1.lines(address: address, bytes: length) : d1.lines(address: address, bytes: length)
        // Under `once` all lines are one piece; under `each` every line is.
        var pieces: [(address: UInt64, bytes: Int, lines: [UInt64])] = [(address, length, lines.map(\.line))]
        if !isOnce {
            var at = address
            pieces = lines.map { line in
                defer { at &+= UInt64(line.bytes) }
                return (at, line.bytes, [line.line])
            }
        }
        for piece in pieces {
            var missed = false
            var missing = 0
            var left: [UInt64] = []
            for line in piece.lines {
                let (isHit, written) =
                    isFetch
                    ? i1.touch(line, dirty: false, allocates: true) : d1.touch(line, dirty: marks, allocates: allocates)
                if !isHit {
                    missed = true
                    missing += 1
                }
                if let written { left.append(written) }
            }
            count(kind, isFetch ? \.i1 : \.d1, missed: missed)
            let lineBytes = isFetch ? settings.i1.lineBytes : settings.d1.lineBytes
            // A store that says every byte of its line needs none from below; under `once` the last level counts it all
            // the same.
            let isWhole = kind == .store && piece.lines.count == 1 && piece.bytes == lineBytes
            if missed, !allocates {
                counters.d1WriteBytes += UInt64(piece.bytes)
                store(piece.address, piece.bytes, \.writes, \.writeMisses)
            } else if missed {
                if !isWhole {
                    if isFetch {
                        counters.i1ReadBytes += UInt64(missing * lineBytes)
                    } else {
                        counters.d1ReadBytes += UInt64(missing * lineBytes)
                    }
                }
                if isOnce {
                    fill(kind, piece.address, piece.bytes, isWhole: isWhole)
                } else if !isWhole {
                    fill(kind, piece.lines[0] &* UInt64(lineBytes), lineBytes)
                }
            }
            for line in left {
                counters.d1.writeBacks += 1
                write(line &* UInt64(lineBytes), lineBytes)
            }
            if writes, !marks, !missed || allocates { write(piece.address, piece.bytes) }
        }
    }

    private mutating func count(
        _ kind: AccessKind, _ level: WritableKeyPath<PlainCounters, PlainLevelCounters>, missed: Bool
    ) {
        switch kind {
        case .fetch:
            counters[keyPath: level].fetches += 1
            if missed { counters[keyPath: level].fetchMisses += 1 }
        case .store:
            counters[keyPath: level].writes += 1
            if missed { counters[keyPath: level].writeMisses += 1 }
        case _ where isUnknown:
            counters[keyPath: level].miscellaneous += 1
            if missed { counters[keyPath: level].miscellaneousMisses += 1 }
        default:
            counters[keyPath: level].reads += 1
            if missed { counters[keyPath: level].readMisses += 1 }
        }
    }

    private mutating func fill(_ kind: AccessKind, _ address: UInt64, _ bytes: Int, isWhole: Bool = false) {
        var any = false
        for (line, here) in ll.lines(address: address, bytes: bytes) {
            let (isHit, written) = ll.touch(line, dirty: false, allocates: true)
            if !isHit, !isWhole || here < settings.ll.lineBytes {
                counters.memoryReadBytes += UInt64(settings.ll.lineBytes)
            }
            if written != nil { leave() }
            any = any || !isHit
            if !isOnce { count(kind, \.ll, missed: !isHit) }
        }
        if isOnce { count(kind, \.ll, missed: any) }
    }

    private mutating func leave() {
        counters.ll.writeBacks += 1
        counters.memoryWriteBytes += UInt64(settings.ll.lineBytes)
    }

    private mutating func store(
        _ address: UInt64, _ bytes: Int, _ accesses: WritableKeyPath<PlainLevelCounters, UInt64>,
        _ misses: WritableKeyPath<PlainLevelCounters, UInt64>
    ) {
        let keeps = settings.llWrites.policy == .writeBack
        var any = false
        for (line, here) in ll.lines(address: address, bytes: bytes) {
            let (isHit, written) = ll.touch(line, dirty: keeps, allocates: settings.llWrites.allocates)
            if written != nil { leave() }
            if !isHit, settings.llWrites.allocates, here < settings.ll.lineBytes {
                counters.memoryReadBytes += UInt64(settings.ll.lineBytes)
            }
            if !keeps || (!isHit && !settings.llWrites.allocates) { counters.memoryWriteBytes += UInt64(here) }
            any = any || !isHit
            if !isOnce {
                counters.ll[keyPath: accesses] += 1
                if !isHit { counters.ll[keyPath: misses] += 1 }
            }
        }
        if isOnce {
            counters.ll[keyPath: accesses] += 1
            if any { counters.ll[keyPath: misses] += 1 }
        }
    }

    private mutating func write(_ address: UInt64, _ bytes: Int) {
        counters.d1WriteBytes += UInt64(bytes)
        if settings.d1WritesAreAccesses {
            store(address, bytes, \.written, \.writtenMisses)
            return
        }
        for (line, here) in ll.lines(address: address, bytes: bytes) {
            if settings.llWrites.policy == .writeThrough || !ll.mark(line) { counters.memoryWriteBytes += UInt64(here) }
        }
    }
}
