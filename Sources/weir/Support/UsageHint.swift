import ArgumentParser
import Foundation
import Machine
import Suggestions

/// Explains the argument parser's errors about wrong words in one line. The line names the word that was probably
/// meant.
///
/// The parser's own suggestion compares only letters: it turns `--seq-len` into `--seq-idx`. The parser also hides a
/// wrong word behind a missing argument of the command. Weir therefore looks at the words again, with the parser's
/// description of the command.
package enum UsageHint {
    /// The line; nil if the parser's own message is as good.
    /// - Parameter arguments: the arguments of the process, without its name.
    package static func message(of error: any Error, arguments: [String]) -> String? {
        guard Weir.exitCode(for: error) == .validationFailure, let weir = CommandOptions.weir else { return nil }
        guard let first = arguments.first, !first.hasPrefix("-") else {
            return unknownOption(in: arguments[...], of: weir, weir)
        }
        if first == "help" { return nil }
        guard let command = weir.subcommands?.first(where: { $0.commandName == first }) else {
            let names = weir.subcommands?.map(\.commandName).filter { $0 != "help" } ?? []
            let hint = Suggestion(for: first, among: names, meanings: .commands, most: 3).nearest() ?? ""
            return "there is no command '\(first)'; \(hint)\(hint.isEmpty ? "" : "; ")weir --help lists them"
        }
        return unknownOption(in: arguments.dropFirst(), of: command, weir)
            ?? wrongValue(Weir.message(for: error), command)
    }

    /// The line for the first word that looks like an option but is none.
    private static func unknownOption(
        in words: ArraySlice<String>, of command: CommandOptions, _ weir: CommandOptions
    ) -> String? {
        var option: CommandOptions.Argument?
        for word in words {
            if word == "--" { return nil }
            defer { option = word.contains("=") ? nil : command.argument(word) }
            guard word.count > 1, word.hasPrefix("-") else { continue }
            if let option, option.takesValue, command.argument(word) == nil, let written = option.written.first {
                return "\(written) has no value, since '\(word)' begins with '-'; write \(written)=\(word)"
            }
            let written = word.prefix { $0 != "=" }
            guard command.argument(written) == nil, !["--help", "-h", "-help"].contains(written), Double(word) == nil
            else { continue }
            return message(forOption: String(written), of: command, weir)
        }
        return nil
    }

    private static func message(forOption written: String, of command: CommandOptions, _ weir: CommandOptions) -> String
    {
        let name = String(written.drop { $0 == "-" })
        let isLetter = name.count == 1 && !written.hasPrefix("--")
        let title = command.commandName == weir.commandName ? "weir" : "weir \(command.commandName)"
        var parts = ["\(title) has no option '\(written)'"]
        let nearest = Suggestion(
            for: name, among: command.longNames, meanings: isLetter ? .letters : .options, most: 3
        ).names.map { "--" + $0 }
        if !nearest.isEmpty {
            parts.append("nearest \(nearest.count == 1 ? "is" : "are") \(nearest.joined(separator: ", "))")
        } else if !isLetter, command.argument("--set") != nil, let field = fields(name) {
            parts.append(field)
        }
        let others = weir.subcommands?.filter { $0.argument(written) != nil }.map(\.commandName) ?? []
        if nearest.isEmpty, !others.isEmpty {
            parts.append("weir \(others.prefix(4).joined(separator: ", ")) \(others.count == 1 ? "has" : "have") it")
        }
        parts.append("\(title) --help lists all")
        return parts.joined(separator: "; ")
    }

    /// The machine fields that an option's name may mean.
    private static func fields(_ name: String) -> String? {
        let kinds = [AnyField.gpu, AnyField.plain].lazy.map { fields in
            Suggestion(for: name, among: fields.map(\.name), meanings: .fields, most: 3).names
        }
        guard let fields = kinds.first(where: { !$0.isEmpty }) else { return nil }
        return "of a machine's fields nearest \(fields.count == 1 ? "is" : "are") "
            + fields.map { "--set \($0)=..." }.joined(separator: ", ")
    }

    /// The parser's message about a value that an option does not take, with the value that was probably meant.
    private static func wrongValue(_ message: String, _ command: CommandOptions) -> String? {
        let parts = message.split(separator: "'", maxSplits: 4, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 5, parts[0] == "The value ", parts[2] == " is invalid for " else { return nil }
        let (value, name) = (parts[1], parts[3].prefix { $0 != " " })
        let argument = command.argument(name) ?? command.arguments?.first { "<\($0.valueName ?? "")>" == name }
        if let values = argument?.allValues {
            return Suggestion(for: value, among: values, meanings: .values, most: 2).question
                .map { "\(name) cannot be '\(value)'; \($0) (of \(values.joined(separator: ", ")))" }
        }
        guard value.first?.isNumber ?? false else { return nil }
        return value.allSatisfy(\.isNumber)
            ? "\(name) cannot be \(value): that is beyond \(Int.max)"
            : "\(name) cannot be '\(value)': write a number in digits, without unit"
    }
}
