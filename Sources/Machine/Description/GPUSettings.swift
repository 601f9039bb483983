/// The whole chip: its name, its two clocks and its number of SMs.
package struct GPUSettings: Equatable, Sendable {
    /// What reports call the machine.
    package var name: String
    /// Clock of launches without tensor instructions, in Hz.
    package var clockHertz: Double
    /// Clock of launches with tensor instructions, in Hz.
    package var tensorClockHertz: Double
    /// Streaming multiprocessors that take blocks.
    package var smCount: Int
}
