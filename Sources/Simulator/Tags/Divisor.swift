/// Divides by a number that is known beforehand, with a multiplication instead of the host's slow division. The results
/// are exact for every dividend.
///
/// *Source:* Granlund and Montgomery, Division by Invariant Integers using Multiplication, 1994.
struct Divisor: Equatable, Sendable {
    private let value: UInt64
    /// The lower 64 bits of 2^(64 + bits of `value`) / `value`, rounded up; 0 for powers of two.
    private let factor: UInt64
    private let shift: UInt64

    /// - Parameter value: any number but 0.
    init(_ value: UInt64) {
        precondition(value > 0, "division by zero")
        self.value = value
        let bits = UInt64(63 - value.leadingZeroBitCount)
        if value & (value - 1) == 0 {
            (factor, shift) = (0, bits)
        } else {
            // Rounded up, the factor has 65 bits, of which the highest is left out.
            let (quotient, remainder) = value.dividingFullWidth((1 << bits, 0))
            let isOdd = remainder >= value - remainder
            factor = quotient &* 2 &+ (isOdd ? 1 : 0) &+ 1
            shift = bits
        }
    }

    @inline(__always)
    func quotient(_ dividend: UInt64) -> UInt64 {
        if factor == 0 { return dividend &>> shift }
        let high = factor.multipliedFullWidth(by: dividend).high
        return ((dividend &- high) &>> 1 &+ high) &>> shift
    }

    @inline(__always)
    func remainder(_ dividend: UInt64) -> UInt64 { dividend &- quotient(dividend) &* value }

    @inline(__always)
    func quotientAndRemainder(_ dividend: UInt64) -> (quotient: UInt64, remainder: UInt64) {
        let quotient = quotient(dividend)
        return (quotient, dividend &- quotient &* value)
    }
}
