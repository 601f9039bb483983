/// The forms of lines in Ramulator's traces. A file has lines of one form.
///
/// *Source:* the READMEs of Ramulator and Ramulator 2, and what each says about its trace readers.
enum RamulatorLine: Equatable {
    /// `LD address` or `ST address` (Ramulator 2's load/store trace): decimal, or hexadecimal with `0x`.
    case loadStore
    /// `address R` or `address W` (Ramulator's DRAM trace): hexadecimal, with or without `0x`.
    case addressFirst
    /// `R address` or `W address` (Ramulator 2's read/write trace): decimal, or hexadecimal with `0x`.
    case typeFirst
    /// `instructions read` or `instructions read write` (the CPU traces of both): decimal. Addresses may also be
    /// hexadecimal with `0x`.
    case instructions

    /// An example, for errors.
    var example: String {
        switch self {
        case .loadStore: "'LD 0x12340' or 'ST 74560'"
        case .addressFirst: "'0x12340 R' or '0x12340 W'"
        case .typeFirst: "'R 0x12340' or 'W 74560'"
        case .instructions: "'3 74560' or '3 74560 78656' (instructions, read, write)"
        }
    }
}
