/// Recognises a text of a format by reading it. The format's own reader tries the first lines.
struct TextTrial: Sendable {
    /// How many lines must fit.
    enum Reach: Sendable {
        /// One line that only this format has.
        case oneLine
        /// Nine of ten lines. Several formats may fit such a text.
        case nearlyAllLines
    }

    let reach: Reach
    /// Whether this format gives way where its reader finds damaged lines and another format's reader reads every line.
    let yieldsWhenDamaged: Bool
    private let read: @Sendable (_ text: ArraySlice<UInt8>, _ lineLimit: Int, _ untilFirst: Bool) -> CPUTrial

    init(
        _ reach: Reach, yieldsWhenDamaged: Bool = false,
        read: @escaping @Sendable (_ text: ArraySlice<UInt8>, _ lineLimit: Int, _ untilFirst: Bool) -> CPUTrial
    ) {
        self.reach = reach
        self.yieldsWhenDamaged = yieldsWhenDamaged
        self.read = read
    }

    /// Reads up to `lineLimit` lines of `text`.
    func callAsFunction(_ text: ArraySlice<UInt8>, lineLimit: Int = .max) -> CPUTrial {
        read(text, lineLimit, reach == .oneLine)
    }
}
