import Foundation
import Runs
import Trace

/// Shows progress on standard error. It prints nothing in the first second. Then it rewrites one line on a terminal.
/// Elsewhere it prints a plain line every few seconds.
final class ProgressReporter {
    private static let silentSeconds = 1.0
    private static let terminalSeconds = 0.2
    private static let plainSeconds = 5.0

    private let isOn: Bool
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let usage = ProcessUsage()
    private var nextSeconds = silentSeconds
    private var callsToSkip = 0
    private var hasLine = false

    /// - Parameter quiet: whether to print nothing at all.
    init(quiet: Bool) {
        isOn = !quiet
    }

    /// Takes the state after one of many short steps. Most calls return without reading the clock.
    func report(_ progress: RunProgress) {
        if callsToSkip > 0 {
            callsToSkip -= 1
            return
        }
        callsToSkip = 15
        reportNow { progress.line }
    }

    /// Takes the line of a longer step. The line is made only if it is shown.
    func reportNow(_ line: () -> String) {
        guard isOn else { return }
        let seconds = usage.elapsedSeconds
        guard seconds >= nextSeconds else { return }
        nextSeconds = seconds + (isTerminal ? Self.terminalSeconds : Self.plainSeconds)
        if isTerminal {
            write("\r\u{1B}[K" + line().asMessage)
            hasLine = true
        } else {
            write("weir: " + line().asMessage + "\n")
        }
    }

    /// Removes the line on the terminal.
    func finish() {
        if hasLine { write("\r\u{1B}[K") }
        hasLine = false
    }

    deinit { finish() }

    private func write(_ text: String) { StandardError.write(raw: text) }
}
