/// One slot of a `KeyIndex`: a key plus one (zero marks an empty slot) and its number.
public struct KeySlot: BitwiseCopyable {
    @usableFromInline var key: UInt64
    @usableFromInline var number: UInt32

    @inlinable init(key: UInt64 = 0, number: UInt32 = 0) {
        self.key = key
        self.number = number
    }
}

/// Numbers keys in the order of their first appearance. It uses open addressing in one flat array that is at most three
/// quarters full.
///
/// Four neighbouring keys lie next to each other, so that a walk through memory stays in a few cache lines of the
/// index.
public struct KeyIndex: ~Copyable {
    @usableFromInline var slots = GrowingBuffer<KeySlot>()
    @usableFromInline var mask = 0
    @usableFromInline package internal(set) var count = 0

    public init() { reset(slotCount: 1024) }

    private init(slots: consuming GrowingBuffer<KeySlot>, mask: Int, count: Int) {
        self.slots = slots
        self.mask = mask
        self.count = count
    }

    func copy() -> KeyIndex { KeyIndex(slots: slots.copy(), mask: mask, count: count) }

    /// Bytes of the table.
    var byteCount: Int { slots.count * MemoryLayout<KeySlot>.stride }

    /// The most bytes that the table holds while it takes `keys` further keys. While it grows, the old table and a new
    /// one of twice the length exist.
    func byteCount(afterFurther keys: Int) -> Int {
        var slotCount = slots.count
        while (count + keys) * 4 > slotCount * 3 { slotCount *= 2 }
        return (slotCount == slots.count ? slotCount : slotCount + slotCount / 2) * MemoryLayout<KeySlot>.stride
    }

    /// The number of `key`. A new key gets `next`. Keys are below 2^64 - 1.
    @inlinable @inline(__always)
    public mutating func number(of key: UInt64, next: UInt32) -> UInt32 {
        var slot = start(of: key)
        while true {
            let found = slots[slot]
            if found.key == key &+ 1 { return found.number }
            if found.key == 0 { break }
            slot = (slot &+ 1) & mask
        }
        slots[slot] = KeySlot(key: key &+ 1, number: next)
        count += 1
        if count * 4 > slots.count * 3 { grow() }
        return next
    }

    /// The number of `key`; nil for an unknown key.
    @inlinable @inline(__always)
    public func number(of key: UInt64) -> UInt32? {
        var slot = start(of: key)
        while slots[slot].key != 0 {
            if slots[slot].key == key &+ 1 { return slots[slot].number }
            slot = (slot &+ 1) & mask
        }
        return nil
    }

    /// Forgets all keys. It frees a large table.
    mutating func removeAll() {
        slots = GrowingBuffer()
        reset(slotCount: 1024)
    }

    /// Finalizer of a 64-bit hash. It keeps regular distances between keys from piling up.
    @inlinable @inline(__always)
    func start(of key: UInt64) -> Int {
        var mixed = key &>> 2
        mixed = (mixed ^ (mixed &>> 33)) &* 0xff51_afd7_ed55_8ccd
        mixed ^= mixed &>> 32
        return Int(truncatingIfNeeded: mixed &<< 2 | key & 3) & mask
    }

    private mutating func reset(slotCount: Int) {
        slots.reset(repeating: KeySlot(), count: slotCount)
        mask = slotCount - 1
        count = 0
    }

    @usableFromInline mutating func grow() {
        var old = GrowingBuffer<KeySlot>()
        swap(&old, &slots)
        mask = old.count * 2 - 1
        slots.reset(repeating: KeySlot(), count: old.count * 2)
        for index in 0..<old.count where old[index].key != 0 {
            var slot = start(of: old[index].key &- 1)
            while slots[slot].key != 0 { slot = (slot &+ 1) & mask }
            slots[slot] = old[index]
        }
    }
}
