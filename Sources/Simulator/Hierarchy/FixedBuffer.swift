/// A run of trivially copyable elements sized once, before the run. The only raw memory of the simulator lives here and in
/// `TagStore`; indices are checked in debug builds.
struct FixedBuffer<Element: BitwiseCopyable>: ~Copyable {
    private let base: UnsafeMutablePointer<Element>
    let count: Int

    init(repeating value: Element, count: Int) {
        base = .allocate(capacity: max(count, 1))
        base.initialize(repeating: value, count: count)
        self.count = count
    }

    deinit { base.deallocate() }

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

    /// The elements from `index` on, in place, for as long as the buffer lives.
    @inline(__always)
    func pointer(at index: Int) -> UnsafeMutablePointer<Element> {
        assert(index >= 0 && index <= count)
        return base + index
    }

    func fill(_ value: Element) { base.update(repeating: value, count: count) }
}
