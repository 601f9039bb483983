/// ASCII text that grows and is formatted without `String`. Exporters write millions of lines into it.
struct TextBuffer: ~Copyable {
    private var base: UnsafeMutableRawPointer
    private var capacity: Int
    private(set) var count = 0

    init(capacity: Int = 1 << 12) {
        self.capacity = capacity
        base = .allocate(byteCount: capacity, alignment: 16)
    }

    deinit { base.deallocate() }

    /// The text so far. It is valid until the next change.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

    /// Empties the text. Storage beyond `keeping` bytes is given back.
    mutating func removeAll(keeping kept: Int = .max) {
        count = 0
        guard capacity > kept else { return }
        base.deallocate()
        capacity = kept
        base = .allocate(byteCount: kept, alignment: 16)
    }

    @inline(__always)
    private mutating func reserve(_ more: Int) {
        if count &+ more > capacity { grow(to: count + more) }
    }

    @inline(never)
    private mutating func grow(to needed: Int) {
        let larger = max(needed, capacity * 2)
        let moved = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
        moved.copyMemory(from: base, byteCount: count)
        base.deallocate()
        (base, capacity) = (moved, larger)
    }

    @inline(__always)
    mutating func append(byte: UInt8) {
        reserve(1)
        base.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
        count &+= 1
    }

    @inline(__always)
    mutating func append(_ text: StaticString) {
        append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    @inline(__always)
    mutating func append(_ text: [UInt8]) { text.withUnsafeBytes { append($0) } }

    @inline(__always)
    mutating func append(_ text: UnsafeRawBufferPointer) {
        guard let start = text.baseAddress else { return }
        reserve(text.count)
        (base + count).copyMemory(from: start, byteCount: text.count)
        count &+= text.count
    }

    /// Changes a byte of the text.
    @inline(__always)
    mutating func replace(at place: Int, with byte: UInt8) {
        precondition(place >= 0 && place < count)
        base.storeBytes(of: byte, toByteOffset: place, as: UInt8.self)
    }

    /// Appends hexadecimal digits without `0x`: at least `digits` of them, at most 16.
    @inline(__always)
    mutating func append(hexadecimal value: UInt64, digits: Int) {
        let needed = max(digits, (67 &- value.leadingZeroBitCount) &>> 2)
        reserve(needed)
        var rest = value
        var place = count &+ needed
        while place > count {
            place &-= 1
            let digit = UInt8(truncatingIfNeeded: rest & 15)
            let zero = digit < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10
            base.storeBytes(of: digit &+ zero, toByteOffset: place, as: UInt8.self)
            rest &>>= 4
        }
        count &+= needed
    }

    @inline(__always)
    mutating func append(decimal value: UInt64) {
        if value < 10 { return append(byte: UInt8(truncatingIfNeeded: value) &+ UInt8(ascii: "0")) }
        var digits = 0
        var rest = value
        while rest > 0 {
            digits &+= 1
            rest /= 10
        }
        reserve(digits)
        rest = value
        var place = count &+ digits
        while place > count {
            place &-= 1
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            base.storeBytes(
                of: UInt8(truncatingIfNeeded: digit) &+ UInt8(ascii: "0"), toByteOffset: place, as: UInt8.self)
            rest = quotient
        }
        count &+= digits
    }

    @inline(__always)
    mutating func append(signed value: Int64) {
        if value < 0 { append(byte: UInt8(ascii: "-")) }
        append(decimal: value.magnitude)
    }
}
