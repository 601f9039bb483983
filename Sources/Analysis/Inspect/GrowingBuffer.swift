#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Trivially copyable elements in one block of raw memory that doubles as it fills. To grow, it asks the allocator to
/// extend the block, so that a large table does not exist twice at a time. Debug builds check indices.
///
/// It is `public`, as `KeyIndex` is: the compiler copies only public code into the inner loops of `Fusion`.
public struct GrowingBuffer<Element: BitwiseCopyable>: ~Copyable {
    @usableFromInline var base: UnsafeMutablePointer<Element>
    @usableFromInline var capacity: Int
    @usableFromInline package internal(set) var count = 0

    public init(capacity: Int = 1024) {
        self.capacity = max(capacity, 1)
        base = Self.memory(nil, capacity: self.capacity)
    }

    deinit { free(base) }

    /// The same elements in memory of their own.
    func copy() -> GrowingBuffer {
        var copy = GrowingBuffer(capacity: count)
        copy.base.initialize(from: base, count: count)
        copy.count = count
        return copy
    }

    public subscript(index: Int) -> Element {
        @inlinable @inline(__always) get {
            assert(index >= 0 && index < count)
            return base[index]
        }
        @inlinable @inline(__always) nonmutating set {
            assert(index >= 0 && index < count)
            base[index] = newValue
        }
    }

    /// Adds `number` elements at the end.
    @inlinable public mutating func append(repeating value: Element, count number: Int) {
        let needed = count + number
        if needed > capacity {
            capacity = max(needed, 2 * capacity)
            base = Self.memory(base, capacity: capacity)
        }
        (base + count).initialize(repeating: value, count: number)
        count = needed
    }

    /// Makes the buffer hold `value` `number` times.
    mutating func reset(repeating value: Element, count number: Int) {
        count = 0
        append(repeating: value, count: number)
    }

    /// Empties the buffer and keeps its memory.
    mutating func removeAll() { count = 0 }

    @usableFromInline static func memory(
        _ old: UnsafeMutablePointer<Element>?, capacity: Int
    ) -> UnsafeMutablePointer<Element> {
        guard let new = realloc(old, capacity * MemoryLayout<Element>.stride) else {
            fatalError("no memory for a table of \(capacity * MemoryLayout<Element>.stride) bytes")
        }
        return new.bindMemory(to: Element.self, capacity: capacity)
    }
}
