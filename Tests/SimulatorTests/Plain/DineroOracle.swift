/// A cache after the manual pages of Dinero IV, dineroIV(1) and dineroIV(3), without regard to speed: what it counts by
/// type, and the bytes that it asks of the next level and hands to it. Below the last level lies memory.
final class DineroCache {
    /// What a reference does; the rank is that of the columns in Dinero's report.
    enum Kind: Int, CaseIterable {
        case fetch, read, write, misc
    }

    struct Rules {
        var lineBytes: UInt64 = 16
        var ways = 1
        var sets: UInt64 = 1
        var isFIFO = false
        var writesBack = true
        var allocates = true
    }

    private struct Line {
        let number: UInt64
        var isDirty: Bool
    }

    let rules: Rules
    private let next: DineroCache?
    /// Each set's lines, the youngest first.
    private var sets: [[Line]]
    private(set) var references = [Int](repeating: 0, count: Kind.allCases.count)
    private(set) var misses = [Int](repeating: 0, count: Kind.allCases.count)
    private(set) var bytesFromNext: UInt64 = 0
    private(set) var bytesToNext: UInt64 = 0

    init(_ rules: Rules, next: DineroCache?) {
        self.rules = rules
        self.next = next
        sets = Array(repeating: [], count: Int(rules.sets))
    }

    /// A reference to `size` bytes; each line that it touches is a reference of its own.
    func reference(_ kind: Kind, _ address: UInt64, _ size: UInt64) {
        let number = address / rules.lineBytes
        let inLine = min(size, (number + 1) * rules.lineBytes - address)
        referenceLine(kind, number, address, inLine)
        if size > inLine { reference(kind, address + inLine, size - inLine) }
    }

    private func referenceLine(_ kind: Kind, _ number: UInt64, _ address: UInt64, _ size: UInt64) {
        references[kind.rawValue] += 1
        let set = Int(number % rules.sets)
        let place = sets[set].firstIndex { $0.number == number }
        if place == nil { misses[kind.rawValue] += 1 }
        guard let place else {
            guard kind != .write || rules.allocates else {
                hand(address, size)
                return
            }
            sets[set].insert(Line(number: number, isDirty: kind == .write && rules.writesBack), at: 0)
            let victim = sets[set].count > rules.ways ? sets[set].removeLast() : nil
            // A write of the whole line needs nothing from below.
            if kind != .write || size < rules.lineBytes {
                bytesFromNext += rules.lineBytes
                next?.reference(kind == .write ? .read : kind, number * rules.lineBytes, rules.lineBytes)
            }
            if kind == .write, !rules.writesBack { hand(address, size) }
            if let victim, victim.isDirty { hand(victim.number * rules.lineBytes, rules.lineBytes) }
            return
        }
        if !rules.isFIFO { sets[set].insert(sets[set].remove(at: place), at: 0) }
        guard kind == .write else { return }
        if rules.writesBack {
            sets[set][rules.isFIFO ? place : 0].isDirty = true
        } else {
            hand(address, size)
        }
    }

    private func hand(_ address: UInt64, _ size: UInt64) {
        bytesToNext += size
        next?.reference(.write, address, size)
    }

    /// Copies dirty lines back, this level's and then the next one's: the line that holds `address`, or all. None
    /// leaves.
    func copyBack(_ address: UInt64?) {
        for set in sets.indices.reversed() {
            for place in sets[set].indices.reversed() where sets[set][place].isDirty {
                let number = sets[set][place].number
                guard address == nil || address! / rules.lineBytes == number else { continue }
                sets[set][place].isDirty = false
                hand(number * rules.lineBytes, rules.lineBytes)
            }
        }
        next?.copyBack(address)
    }

    /// Drops lines of this level and the next one without copying them back.
    func invalidate(_ address: UInt64?) {
        for set in sets.indices {
            if let address {
                sets[set].removeAll { $0.number == address / rules.lineBytes }
            } else {
                sets[set] = []
            }
        }
        next?.invalidate(address)
    }
}
