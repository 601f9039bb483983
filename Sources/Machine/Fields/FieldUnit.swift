/// What a field's number counts. It decides which units the number may have and how it is printed.
package enum FieldUnit: String, CaseIterable, Sendable {
    /// A number of things, without unit.
    case count = "1"
    /// A number without unit that need not be whole.
    case number = "number"
    /// A part of a whole, also written as `43.75%` or `7/16`.
    case share = "share"
    case bytes = "B"
    case bytesPerSecond = "B/s"
    case hertz = "Hz"
    case cycles = "cycles"
    case nanoseconds = "ns"
    case bytesPerCycle = "B/cycle"
    /// true or false.
    case flag = "true/false"
    /// Free text.
    case text = "text"
    /// One of a list of names.
    case choice = "name"
    /// A list of sizes.
    case byteList = "list of B"
    /// A list of ids.
    case ids = "ids"
    /// A list of lists of ids.
    case idGroups = "id lists"

    /// One way to write the unit. `suffix` stands for 10^`exponent` times `factor` base units.
    struct Suffix: Sendable {
        let name: String
        var exponent = 0
        var factor = 1.0
    }

    /// The suffixes that may follow a number, in the order in which printing tries them.
    var suffixes: [Suffix] {
        switch self {
        case .bytes:
            [
                Suffix(name: "GiB", factor: 1_073_741_824), Suffix(name: "MiB", factor: 1_048_576),
                Suffix(name: "KiB", factor: 1024), Suffix(name: "B"), Suffix(name: ""), Suffix(name: "GB", exponent: 9),
                Suffix(name: "MB", exponent: 6), Suffix(name: "KB", exponent: 3), Suffix(name: "kB", exponent: 3),
            ]
        case .bytesPerSecond:
            [
                Suffix(name: "TB/s", exponent: 12), Suffix(name: "GB/s", exponent: 9),
                Suffix(name: "MB/s", exponent: 6),
                Suffix(name: "KB/s", exponent: 3), Suffix(name: "B/s"),
                Suffix(name: "TiB/s", factor: 1_099_511_627_776),
                Suffix(name: "GiB/s", factor: 1_073_741_824), Suffix(name: "MiB/s", factor: 1_048_576),
            ]
        case .hertz:
            [
                Suffix(name: "GHz", exponent: 9), Suffix(name: "MHz", exponent: 6), Suffix(name: "kHz", exponent: 3),
                Suffix(name: "Hz"),
            ]
        case .cycles: [Suffix(name: "cycles"), Suffix(name: "cycle"), Suffix(name: "clk"), Suffix(name: "")]
        case .nanoseconds:
            [
                Suffix(name: "ns"), Suffix(name: "us", exponent: 3), Suffix(name: "µs", exponent: 3),
                Suffix(name: "ms", exponent: 6), Suffix(name: "s", exponent: 9),
            ]
        case .bytesPerCycle: [Suffix(name: "B/cycle"), Suffix(name: "B/clk")]
        case .share: [Suffix(name: ""), Suffix(name: "%", exponent: -2)]
        case .count, .number: [Suffix(name: "")]
        case .flag, .text, .choice, .byteList, .ids, .idGroups: []
        }
    }

    /// The unit of a list's elements; the unit itself for everything else.
    var element: FieldUnit {
        switch self {
        case .byteList: .bytes
        case .ids, .idGroups: .count
        default: self
        }
    }

    /// An example of such a value, for errors.
    package var example: String {
        switch self {
        case .count: "a whole number such as 16"
        case .number: "a number such as 2.5"
        case .share: "a share such as 0.4375, 43.75% or 7/16"
        case .bytes: "bytes such as 25MiB, 40KB or 4096B"
        case .bytesPerSecond: "a rate such as 3.35TB/s"
        case .hertz: "a frequency such as 1.98GHz"
        case .cycles: "cycles such as 260cycles"
        case .nanoseconds: "a time such as 1616ns or 1.6us"
        case .bytesPerCycle: "a rate such as 64B/cycle"
        case .flag: "true or false"
        case .text: "some text"
        case .choice: "one of the names"
        case .byteList: "a list such as [0B, 8KiB]"
        case .ids: "a list such as [0, 1, 2]"
        case .idGroups: "lists such as [[0, 1], [2, 3]]"
        }
    }
}
