import Content

/// The tables of a run's text. Without any of these it is the one table that fits `TextWidth.columns`.
package struct RunTables: OptionSet, Sendable {
    package let rawValue: Int

    package init(rawValue: Int) {
        self.rawValue = rawValue
    }

    /// The first table has all columns, and lines may have any length.
    package static let wide = RunTables(rawValue: 1)
    /// What each launch's duration went to.
    package static let time = RunTables(rawValue: 2)
    /// Lifetimes of blocks, and what SMs were active.
    package static let lifetimes = RunTables(rawValue: 4)
    /// Totals of passes and kernels, and the ridges.
    package static let totals = RunTables(rawValue: 8)
    package static let all: RunTables = [.wide, .time, .lifetimes, .totals]

    /// The most characters of a line.
    var width: Int? { contains(.wide) ? nil : TextWidth.columns }
}
