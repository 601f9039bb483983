/// A run of trivially copyable elements. Its owner sizes it once, or fills, reads and empties it again and again.
///
/// Storage grows to the largest use and then stays. The simulator's raw memory is here and in `TagStore`. Debug builds
/// check indices.
struct Buffer<Element: BitwiseCopyable>: ~Copyable {
    private var base: UnsafeMutablePointer<Element>
    private var capacity: Int
    private(set) var count: Int

    /// An empty buffer with room for `capacity` elements, but at least for 16.
    init(capacity: Int = 256) {
        self.capacity = max(capacity, 16)
        base = .allocate(capacity: self.capacity)
        count = 0
    }

    /// A buffer of `count` elements.
    init(repeating value: Element, count: Int) {
        capacity = max(count, 1)
        base = .allocate(capacity: capacity)
        base.initialize(repeating: value, count: count)
        self.count = count
    }

    deinit { base.deallocate() }

    @inline(__always)
    mutating func append(_ element: Element) {
        if count == capacity { grow(to: capacity * 2) }
        (base + count).initialize(to: element)
        count &+= 1
    }

    @inline(__always)
    subscript(index: Int) -> Element {
        get {
            assert(index >= 0 && index < count)
            return base[index]
        }
        nonmutating set {
            assert(index >= 0 && index < count)
            base[index] = newValue
        }
    }

    /// The elements from `index` on, in place. The pointer holds until the buffer grows or ends.
    @inline(__always)
    func pointer(at index: Int) -> UnsafeMutablePointer<Element> {
        assert(index >= 0 && index <= count)
        return base + index
    }

    func fill(_ value: Element) { base.update(repeating: value, count: count) }

    /// Makes room for `count` elements whose values the caller then sets.
    mutating func resize(to newCount: Int) {
        if newCount > capacity { grow(to: max(newCount, capacity * 2)) }
        count = newCount
    }

    mutating func removeAll() { count = 0 }

    private mutating func grow(to newCapacity: Int) {
        let larger = UnsafeMutablePointer<Element>.allocate(capacity: newCapacity)
        larger.moveInitialize(from: base, count: count)
        base.deallocate()
        base = larger
        capacity = newCapacity
    }
}
