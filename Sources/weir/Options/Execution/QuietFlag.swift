import ArgumentParser

/// Whether the command prints nothing but warnings and errors on standard error.
package struct QuietFlag: ParsableArguments {
    @Flag(name: .customLong("quiet"), help: "Keeps progress and summaries off standard error.")
    package var isOn = false

    package init() {}
}
