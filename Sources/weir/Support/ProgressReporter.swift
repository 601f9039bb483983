import Foundation
import Runs
import Trace

/// Progress on standard error: nothing in the first second, then one line that is rewritten on a terminal, or a plain
/// line every few seconds elsewhere.
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

    /// - Parameter quiet: says nothing at all.
    init(quiet: Bool) {
        isOn = !quiet
    }

    /// Takes the state of one of many short steps; most calls return without a look at the clock.
    func report(_ progress: RunProgress) {
        if callsToSkip > 0 {
            callsToSkip -= 1
            return
        }
        callsToSkip = 15
        reportNow { progress.line }
    }

    /// Takes a longer step's line, which is made only where it is shown.
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

    /// Removes the terminal's line.
    func finish() {
        if hasLine { write("\r\u{1B}[K") }
        hasLine = false
    }

    deinit { finish() }

    private func write(_ text: String) { StandardError.write(raw: text) }
}
