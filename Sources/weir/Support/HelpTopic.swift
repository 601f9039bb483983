import Report
import Suggestions

/// `weir help WORD` where the word is no command: a topic, or a mistake.
package enum HelpTopic {
    /// What a word names.
    package enum Answer: Equatable {
        /// The text of a topic.
        case text(String)
        /// The word names nothing; one line that says what it may mean.
        case unknown(String)
    }

    /// - Parameter arguments: of the process, without its name.
    /// - Returns: nil where the argument parser has the answer.
    package static func answer(to arguments: [String]) -> Answer? {
        guard arguments.count >= 2, arguments[0] == "help", !arguments[1].hasPrefix("-") else { return nil }
        let word = arguments[1]
        if word == "columns" { return .text(ColumnGuide.text) }
        let names = CommandOptions.weir?.subcommands?.map(\.commandName) ?? []
        guard !names.contains(word) else { return nil }
        let hint = Suggestion(
            for: word, among: names.filter { $0 != "help" } + ["columns"], meanings: .commands, most: 3
        ).nearest()
        return .unknown(
            "there is no help on '\(word)'; " + (hint.map { $0 + "; " } ?? "") + "weir --help lists the commands")
    }
}
