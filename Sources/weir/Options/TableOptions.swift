import ArgumentParser
import Report

/// The options for the tables of a run's text.
package struct TableOptions: ParsableArguments {
    @Flag(help: "Shows all columns of launches, in lines of any length.") package var wide = false
    @Flag(help: "Shows what each launch's time went to.") package var time = false
    @Flag(help: "Shows how long thread blocks lived and what SMs were active.") package var lifetimes = false
    @Flag(help: "Shows totals by pass and by the pipes that kernels use, and the machine's ridges.")
    package var totals = false

    package init() {}

    /// The options in use, with their tables.
    var given: [(option: String, table: RunTables)] {
        let all: [(option: String, table: RunTables, isGiven: Bool)] = [
            ("--wide", .wide, wide), ("--time", .time, time), ("--lifetimes", .lifetimes, lifetimes),
            ("--totals", .totals, totals),
        ]
        return all.filter(\.isGiven).map { ($0.option, $0.table) }
    }

    var tables: RunTables { RunTables(given.map(\.table)) }

    /// Refuses tables of another format than text.
    /// - Throws: `ValidationError`.
    func check(_ format: OutputFormat) throws {
        guard let (option, _) = given.first, format != .text else { return }
        throw ValidationError("\(option) is for text, and \(format.rawValue) has every column; leave it out")
    }
}
