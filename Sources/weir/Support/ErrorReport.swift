import ArgumentParser
import Content
import Foundation
import Trace

/// What the user sees of an error: one line on standard error, and the exit code.
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

    /// Reports an error of the argument parser as it does itself: help, which is no error, goes to standard output.
    private static func exitAsParser(_ error: any Error) -> Never {
        let text = Weir.fullMessage(for: error)
        let code = Weir.exitCode(for: error)
        if code.isSuccess {
            do {
                if !text.isEmpty { try StandardOutput.write(text + "\n") }
            } catch {
                exit(error)
            }
        } else if !text.isEmpty {
            StandardError.write(text)
        }
        Foundation.exit(code.rawValue)
    }

    /// The line for errors of Weir's rooms; nil for the argument parser's own, which print themselves.
    package static func message(of error: any Error) -> String? {
        if let error = error as? TraceError, let message = ForeignFile.message(of: error) { return message.asUserLine }
        return (error as? any UserError)?.message
    }

    /// 64 where an option or argument is wrong, 1 where the input behind it is.
    package static func exitCode(of error: any Error) -> Int32 { (error as? any UserError)?.exitCode ?? ExitStatus.badInput }
}
