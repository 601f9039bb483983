import Trace

/// The launches of `.weir` traces, file after file. Each trace is read once from its first byte to its last.
package struct TraceLaunches: LaunchSequence {
    private var inputs: [ByteInput]
    private var reader: TraceStreamReader?

    package let launchCount: Int? = nil
    package private(set) var place: String?

    /// Opens files by path; `-` is standard input.
    /// - Throws: `TraceError.system` for a file that cannot be opened, before any is read.
    package init(paths: [String]) throws(TraceError) {
        var inputs: [ByteInput] = []
        for path in paths {
            inputs.append(path == "-" ? ByteInput(descriptor: 0, name: "standard input") : try ByteInput(path: path))
        }
        self.init(inputs: inputs)
    }

    /// Reads from inputs that are already open.
    package init(inputs: [ByteInput]) {
        self.inputs = inputs.reversed()
    }

    /// The next launch of the current trace, or the first one of the next trace.
    /// - Throws: `TraceError` with the file and the place in it.
    package mutating func next() throws(TraceError) -> (any BlockProgramSource)? {
        while true {
            if let reader {
                if let launch = try reader.nextLaunch() { return launch }
                self.reader = nil
            }
            guard let input = inputs.popLast() else { return nil }
            place = input.name
            reader = try TraceStreamReader(input)
        }
    }
}
