/// Bytes that a curve's accounts hold together, and how many they may.
final class CurveMemory {
    /// Bytes that stacks may take that stand for a part of the capacities each.
    private static let furtherStacksLimit = 1 << 29

    let limit: Int
    /// What stacks, counts and programs hold.
    var held = 0
    /// What counts were given of it so far.
    private(set) var counted = 0
    private var taken = 0
    /// Whether further stacks were to take more than there is; what is counted from then on is void.
    private(set) var isExhausted = false
    /// Whether counts were to take more than there is; what is counted from then on is void.
    private(set) var isFull = false
    /// Whether a further stack was made since its owner has looked.
    var wasTaken = false

    init(limit: Int) { self.limit = limit }

    /// Whether so many bytes may be held on top of the others.
    func hasRoom(for bytes: Int) -> Bool { bytes <= limit - held }

    /// Whether a further stack may have so many bytes, which are then its own.
    func take(_ bytes: Int) -> Bool {
        guard taken + bytes <= Self.furtherStacksLimit, hasRoom(for: bytes) else {
            isExhausted = true
            return false
        }
        taken += bytes
        held += bytes
        wasTaken = true
        return true
    }

    func giveBack(_ bytes: Int) { taken = max(0, taken - bytes) }

    /// Whether counts may have so many bytes more, which are then theirs.
    func reserve(_ bytes: Int) -> Bool {
        guard hasRoom(for: bytes) else {
            isFull = true
            return false
        }
        held += bytes
        counted += bytes
        return true
    }
}
