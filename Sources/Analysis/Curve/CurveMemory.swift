/// The bytes that a curve's accounts hold together, and their limit.
final class CurveMemory {
    /// Limit in bytes for the stacks that each stand for a part of the capacities.
    private static let furtherStacksLimit = 1 << 29

    let limit: Int
    /// Bytes that stacks, counts and programs hold.
    var held = 0
    /// Bytes that counts have received so far.
    private(set) var counted = 0
    private var taken = 0
    /// Whether further stacks asked for more than the limit. Counts from then on are void.
    private(set) var isExhausted = false
    /// Whether counts asked for more than the limit. Counts from then on are void.
    private(set) var isFull = false
    /// Whether a further stack was made since its owner last looked.
    var wasTaken = false

    init(limit: Int) { self.limit = limit }

    /// Whether `bytes` more bytes fit the limit.
    func hasRoom(for bytes: Int) -> Bool { bytes <= limit - held }

    /// Whether a further stack may have `bytes` bytes. If so, it owns them from now on.
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

    /// Whether counts may have `bytes` more bytes. If so, they own them from now on.
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
