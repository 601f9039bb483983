/// The whole chip: its name, its two clocks and its number of SMs.
package struct GPUSettings: Equatable, Sendable {
    /// Name of the machine in reports.
    package var name = ""
    /// Clock of launches without tensor instructions, in Hz.
    package var clockHertz: Double = 0
    /// Clock of launches with tensor instructions, in Hz.
    package var tensorClockHertz: Double = 0
    /// Share of the clock that a launch loses to the power limit where its tensor cores are always busy.
    package var tensorClockDrop: Double = 0
    /// Streaming multiprocessors that take blocks.
    package var smCount = 0
}
