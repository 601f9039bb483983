/// What a user may choose about an import.
package struct ImportOptions: Sendable {
    /// Bytes of an access whose line names none, a power of two: the aligned piece that holds the address. Nil: the
    /// format's own.
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
    /// Names of the kernels whose launches are taken, where launches have names; `*` and `?` stand for any text and any
    /// character. Empty: all.
    package var kernels: [String] = []
    /// Numbers of the launches that are taken, from 1 on, where the input has launches. Empty: all.
    package var launches: [LaunchRange] = []
    /// Whether launches that are damaged or cut are left out, instead of being errors.
    package var keepsWhole = false
    /// Registers of a thread, for launches whose recorded count cannot be.
    package var registers: Int?

    package init() {}
}
