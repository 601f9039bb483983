/// What a user may choose about an import.
package struct ImportOptions: Sendable {
    /// Bytes of an access whose line gives no size, a power of two. The access is the aligned piece that holds the
    /// address. Nil takes the format's own value.
    package var accessBytes: Int?
    /// Whether instruction fetches of CPU traces are kept.
    package var keepsFetches = true
    /// Name of the launch that a CPU trace becomes.
    package var kernel = "cpu"
    /// Where records wait that do not fit the memory. Only inputs that must be sorted need it.
    package var temporaryDirectory = "/tmp"
    /// Whether records of ChampSim have the layout of its CloudSuite traces.
    package var isCloudSuite = false
    /// Whether a doubt about the input is an error instead of a warning.
    package var isStrict = false
    /// Names of the kernels whose launches are taken, where launches have names. `*` stands for any text and `?` for
    /// any character. Empty means all.
    package var kernels: [String] = []
    /// Numbers of the launches that are taken, from 1 on, where the input has launches. Empty means all.
    package var launches: [LaunchRange] = []
    /// Whether damaged or cut launches are left out. Otherwise they are errors.
    package var keepsWhole = false
    /// Registers of a thread, for launches whose recorded number is impossible.
    package var registers: Int?

    package init() {}
}
