extension Int {
    /// Division that rounds up. Both operands must be positive.
    @inlinable package func dividedRoundingUp(by divisor: Int) -> Int { (self + divisor - 1) / divisor }

    /// The smallest power of two that is at least this value, which is at least 1.
    package var roundedUpToPowerOfTwo: Int {
        self <= 1 ? 1 : 1 << (Int.bitWidth - (self - 1).leadingZeroBitCount)
    }

    package var isPowerOfTwo: Bool { self > 0 && self & (self - 1) == 0 }
}
