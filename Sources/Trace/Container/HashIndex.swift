/// Finds the numbers of things by their hash, with open addressing and linear probing. The caller keeps the things.
struct HashIndex {
    /// Number plus one; 0 where the slot is free.
    private var slots: [UInt32]
    private var hashes: [UInt64]
    private var count = 0

    init() {
        slots = Array(repeating: 0, count: 64)
        hashes = Array(repeating: 0, count: 64)
    }

    /// Forgets everything and keeps the storage.
    mutating func removeAll() {
        guard count > 0 else { return }
        for index in slots.indices { slots[index] = 0 }
        count = 0
    }

    /// The number of the thing with this hash for which `matches` is true.
    @inline(__always)
    func find(_ hash: UInt64, where matches: (Int) -> Bool) -> Int? {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash &>> 7) & mask
        while slots[slot] != 0 {
            if hashes[slot] == hash, matches(Int(slots[slot]) - 1) { return Int(slots[slot]) - 1 }
            slot = (slot + 1) & mask
        }
        return nil
    }

    /// Adds a new thing. It must not be there yet.
    mutating func insert(_ number: Int, hash: UInt64) {
        if 2 * (count + 1) > slots.count { grow() }
        place(UInt32(truncatingIfNeeded: number + 1), hash)
        count += 1
    }

    private mutating func place(_ entry: UInt32, _ hash: UInt64) {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash &>> 7) & mask
        while slots[slot] != 0 { slot = (slot + 1) & mask }
        slots[slot] = entry
        hashes[slot] = hash
    }

    private mutating func grow() {
        let oldSlots = slots
        let oldHashes = hashes
        slots = Array(repeating: 0, count: 2 * oldSlots.count)
        hashes = Array(repeating: 0, count: 2 * oldSlots.count)
        for index in oldSlots.indices where oldSlots[index] != 0 { place(oldSlots[index], oldHashes[index]) }
    }
}
