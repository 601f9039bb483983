/// What a user may choose about an import.
package struct ImportOptions: Sendable {
    /// Bytes of an access whose line names none, a power of two: the aligned piece that holds the address. Nil: 4 for din, 32 for
    /// Ramulator, 8 for loads and stores of ChampSim.
    package var accessBytes: Int?
    /// Whether instruction fetches of CPU traces are kept.
    package var keepsFetches = true
    /// What the launch of a CPU trace is called.
    package var kernel = "cpu"
    /// Where records wait that do not fit the memory, of inputs that must be sorted.
    package var temporaryDirectory = "/tmp"
    /// Whether records of ChampSim have the layout of its CloudSuite traces.
    package var isCloudSuite = false
    /// Whether a doubt about the input is an error instead of a warning.
    package var isStrict = false

    package init() {}
}
