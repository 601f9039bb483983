/// One thread block that has ended: where and when it ran, and how it used its time.
package struct BlockRecord: BitwiseCopyable, Sendable {
    /// Linear number of the block in the grid.
    package let block: Int32
    /// Number of its SM in the machine.
    package let sm: Int32
    /// Number of its slot on the SM. The blocks of one slot follow each other.
    package let slot: Int32
    /// Cycles from the launch's first block start.
    package let start: Double
    package let end: Double
    let uses: SIMD16<Float>

    /// Cycles from start to end.
    package var lifetimeCycles: Double { end - start }

    /// Cycles that went to `use`.
    package func cycles(of use: TimeUse) -> Double { Double(uses[use.rawValue]) }
}
