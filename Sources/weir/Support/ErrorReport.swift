import ArgumentParser
import Content
import Foundation
import Trace

/// Reports an error to the user: one line on standard error, and the exit code.
package enum ErrorReport {
    /// Reports `error` and ends the process.
    static func exit(_ error: any Error) -> Never {
        if StandardOutput.isReaderGone(error) { Foundation.exit(0) }
        if let message = message(of: error) {
            StandardError.write("weir: \(message)")
            Foundation.exit(exitCode(of: error))
        }
        if let hint = UsageHint.message(of: error, arguments: Array(CommandLine.arguments.dropFirst())) {
            StandardError.write("weir: \(hint)")
            Foundation.exit(ExitStatus.badUsage)
        }
        exitAsParser(error)
    }

    /// Reports an error of the argument parser in a few lines. Help is not an error and goes to standard output.
    private static func exitAsParser(_ error: any Error) -> Never {
        let text = Weir.fullMessage(for: error)
        let code = Weir.exitCode(for: error)
        if code.isSuccess {
            do {
                if !text.isEmpty { try StandardOutput.write(text.wrappedLines() + "\n") }
            } catch {
                exit(error)
            }
        } else {
            for line in parserLines(message: Weir.message(for: error), full: text) { StandardError.write(line) }
        }
        Foundation.exit(code.rawValue)
    }

    /// The lines for an error of the argument parser: its message in one line, the command without its options, and the
    /// place of further help.
    static func parserLines(message: String, full: String) -> [String] {
        let lines = full.split(whereSeparator: \.isNewline).map(String.init)
        let first = message.split(whereSeparator: \.isNewline).joined(separator: " ")
        var shown = first.isEmpty ? [] : ["weir: \(first)"]
        if let usage = lines.first(where: { $0.hasPrefix("Usage: ") }) {
            let words = usage.split(separator: " ").prefix {
                $0.allSatisfy { $0.isLetter || $0 == "-" || $0 == ":" } && !$0.hasPrefix("-")
            }
            shown.append(words.joined(separator: " ") + " [<options>] ...")
        }
        return shown + lines.filter { $0.hasPrefix("  See '") }
    }

    /// The line for errors of Weir's rooms. It is nil for the argument parser's own errors, which print themselves.
    package static func message(of error: any Error) -> String? {
        if let error = error as? TraceError, let message = ForeignFile.message(of: error) { return message.asUserLine }
        return (error as? any UserError)?.message
    }

    /// 64 if an option or argument is wrong, and 1 if the input behind it is wrong.
    package static func exitCode(of error: any Error) -> Int32 {
        (error as? any UserError)?.exitCode ?? ExitStatus.badInput
    }
}
