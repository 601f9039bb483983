/// One slot of a `KeyIndex`: a key plus one (zero is an empty slot) and its number.
public struct KeySlot: BitwiseCopyable {
    @usableFromInline var key: UInt64
    @usableFromInline var number: UInt32

    @inlinable init(key: UInt64 = 0, number: UInt32 = 0) {
        self.key = key
        self.number = number
    }
}

/// Numbers keys in the order in which they appear: open addressing in one flat array, at most three quarters full.
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

    /// The most bytes that the table holds while it takes so many further keys: while it grows there are two of it, the
    /// new one of twice the length.
    func byteCount(afterFurther keys: Int) -> Int {
        var slotCount = slots.count
        while (count + keys) * 4 > slotCount * 3 { slotCount *= 2 }
        return (slotCount == slots.count ? slotCount : slotCount + slotCount / 2) * MemoryLayout<KeySlot>.stride
    }

    /// The number of `key`, which is `next` where the key is new. Keys are below 2^64 - 1.
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

    /// The number of `key`; nil for one that is not there.
    @inlinable @inline(__always)
    public func number(of key: UInt64) -> UInt32? {
        var slot = start(of: key)
        while slots[slot].key != 0 {
            if slots[slot].key == key &+ 1 { return slots[slot].number }
            slot = (slot &+ 1) & mask
        }
        return nil
    }

    /// Forgets all keys; a large table is given back.
    mutating func removeAll() {
        slots = GrowingBuffer()
        reset(slotCount: 1024)
    }

    /// Finalizer of a 64-bit hash, so that regular distances between keys do not pile up.
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
