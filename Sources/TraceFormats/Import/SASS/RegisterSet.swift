/// General registers of a thread, with one bit each.
struct RegisterSet {
    private var words = SIMD4<UInt64>()
    private(set) var isEmpty = true

    @inline(__always)
    func contains(_ register: UInt64) -> Bool {
        register < 256 && words[Int(register >> 6)] >> (register & 63) & 1 == 1
    }

    @inline(__always)
    mutating func insert(_ register: UInt64) {
        guard register < 256 else { return }
        words[Int(register >> 6)] |= 1 << (register & 63)
        isEmpty = false
    }

    @inline(__always)
    mutating func removeAll() { self = RegisterSet() }
}
