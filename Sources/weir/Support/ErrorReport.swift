import ArgumentParser
import Content
import Experiments
import Foundation
import Kernels
import Machine
import Simulator
import Trace
import TraceFormats

/// What the user sees of an error: one line on standard error, and the exit code.
package enum ErrorReport {
    /// Exit code of a failed check or of bad input.
    package static let badInput: Int32 = 1
    /// Exit code of wrong usage, as sysexits.h has it.
    package static let badUsage: Int32 = 64

    /// Reports `error` and ends the process.
    static func exit(_ error: any Error) -> Never {
        if StandardOutput.isReaderGone(error) { Foundation.exit(0) }
        if let message = message(of: error) {
            StandardError.write("weir: \(message)")
            Foundation.exit(exitCode(of: error))
        }
        if let hint = UsageHint.message(of: error, arguments: Array(CommandLine.arguments.dropFirst())) {
            StandardError.write("weir: \(hint)")
            Foundation.exit(badUsage)
        }
        exitAsParser(error)
    }

    /// Reports an error of the argument parser in a few lines. Help, which is no error, goes to standard output.
    private static func exitAsParser(_ error: any Error) -> Never {
        let text = Weir.fullMessage(for: error)
        let code = Weir.exitCode(for: error)
        if code.isSuccess {
            do {
                if !text.isEmpty { try StandardOutput.write(text + "\n") }
            } catch {
                exit(error)
            }
        } else {
            for line in parserLines(message: Weir.message(for: error), full: text) { StandardError.write(line) }
        }
        Foundation.exit(code.rawValue)
    }

    /// The lines for an error of the argument parser: its message in one line, the command without its options, and where there is more.
    static func parserLines(message: String, full: String) -> [String] {
        let lines = full.split(whereSeparator: \.isNewline).map(String.init)
        let first = message.split(whereSeparator: \.isNewline).joined(separator: " ")
        var shown = first.isEmpty ? [] : ["weir: \(first)"]
        if let usage = lines.first(where: { $0.hasPrefix("Usage: ") }) {
            let words = usage.split(separator: " ").prefix { $0.allSatisfy { $0.isLetter || $0 == "-" || $0 == ":" } && !$0.hasPrefix("-") }
            shown.append(words.joined(separator: " ") + " [<options>] ...")
        }
        return shown + lines.filter { $0.hasPrefix("  See '") }
    }

    /// The line for errors of Weir's rooms; nil for the argument parser's own, which print themselves.
    package static func message(of error: any Error) -> String? {
        let description: String
        switch error {
        case let error as MachineError: description = error.description
        case let error as TraceError: description = ForeignFile.message(of: error) ?? error.description
        case let error as TraceFormatError: description = error.description
        case let error as SimulatorError: description = error.description
        case let error as ExperimentError: description = error.description
        case let error as KernelError: description = error.description
        case let error as ReferenceError: description = error.description
        case let error as SweepError: description = error.description
        case let error as FusionError: description = error.description
        case let error as OutputError: description = error.description
        default: return nil
        }
        return description.split(whereSeparator: \.isNewline).joined(separator: " ").asMessage
    }

    /// 64 where an option or argument is wrong, 1 where the input behind it is.
    package static func exitCode(of error: any Error) -> Int32 {
        switch error {
        case let error as MachineError: isUsage(error) ? badUsage : badInput
        case let error as ExperimentError: isUsage(error) ? badUsage : badInput
        case is KernelError: badUsage
        case let error as SweepError: error.isUsage ? badUsage : badInput
        case let error as FusionError: error.isUsage ? badUsage : badInput
        case let error as OutputError: error.isUsage ? badUsage : badInput
        default: badInput
        }
    }

    private static func isUsage(_ error: MachineError) -> Bool {
        switch error {
        case .unknownMachine(_, let place, _): place == nil
        case .needsGPU: true
        case .unknownField(_, .option, _), .badValue(_, _, .option, _, _), .outOfRange(_, _, .option, _),
            .duplicate(_, .option, _), .malformed(.option, _, _), .unknownField(_, .sweep, _), .badValue(_, _, .sweep, _, _),
            .outOfRange(_, _, .sweep, _):
            true
        default: false
        }
    }

    private static func isUsage(_ error: ExperimentError) -> Bool {
        switch error {
        case .malformedTilingOption, .unusedTiling, .repeatedTiling, .fixedTiling, .noTilings, .notTuned, .unusedParameter,
            .kernelOfOtherModel, .impossibleCurve:
            true
        case .launchFailed, .nothingToValidate, .footprintLimit, .curveFootprint: false
        }
    }
}
