import ArgumentParser
import Foundation

/// The arguments of a command, as the argument parser describes them.
struct CommandOptions: Decodable, Sendable {
    /// One option, flag or positional argument.
    struct Argument: Decodable, Sendable {
        struct Name: Decodable, Sendable {
            let kind: String
            let name: String
        }

        let kind: String
        let names: [Name]?
        let valueName: String?
        let allValues: [String]?

        /// The names with their dashes.
        var written: [String] { (names ?? []).map { ($0.kind == "long" ? "--" : "-") + $0.name } }
        var takesValue: Bool { kind == "option" }
    }

    let commandName: String
    let subcommands: [CommandOptions]?
    let arguments: [Argument]?

    private struct Tool: Decodable {
        let command: CommandOptions
    }

    /// Weir itself with all its commands; nil if the parser's description has another form.
    static let weir = try? JSONDecoder().decode(Tool.self, from: Data(Weir._dumpHelp().utf8)).command

    /// The long names of options and flags, without dashes.
    var longNames: [String] {
        let names = (arguments ?? []).flatMap { argument in argument.names ?? [] }
        return names.filter { $0.kind == "long" && $0.name != "help" }.map(\.name)
    }

    /// The option or flag with this written name.
    func argument(_ written: some StringProtocol) -> Argument? {
        arguments?.first { $0.written.contains { $0 == written } }
    }
}
