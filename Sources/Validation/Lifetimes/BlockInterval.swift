import Simulator

/// When and where one thread block ran, measured or predicted.
package struct BlockInterval: Equatable, Sendable {
    /// Linear number in the grid, x fastest.
    package var block: Int
    package var sm: Int
    /// Nanoseconds on the launch's time base.
    package var startNanoseconds: Double
    package var endNanoseconds: Double
    package var lifetimeCycles: Double

    package init(block: Int, sm: Int, startNanoseconds: Double, endNanoseconds: Double, lifetimeCycles: Double) {
        self.block = block
        self.sm = sm
        self.startNanoseconds = startNanoseconds
        self.endNanoseconds = endNanoseconds
        self.lifetimeCycles = lifetimeCycles
    }

    init(_ record: BlockRecord, clockHertz: Double) {
        self.init(
            block: Int(record.block), sm: Int(record.sm), startNanoseconds: record.start / clockHertz * 1e9,
            endNanoseconds: record.end / clockHertz * 1e9, lifetimeCycles: record.lifetimeCycles)
    }
}
