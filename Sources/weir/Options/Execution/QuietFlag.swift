import ArgumentParser

/// Whether the command says nothing on standard error besides warnings and errors.
package struct QuietFlag: ParsableArguments {
    @Flag(name: .customLong("quiet"), help: "Keeps progress and summaries off standard error.")
    package var isOn = false

    package init() {}
}
