import Trace

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Whole traces in and out of memory, and temporary files.
enum TraceIO {
    static func write(_ launches: [SampleLaunch], options: TraceWriter.Options = .init()) throws -> [UInt8] {
        let buffer = ByteOutput.Buffer()
        try write(launches, to: ByteOutput(buffer: buffer), options: options)
        return buffer.bytes
    }

    static func write(_ launches: [SampleLaunch], to output: ByteOutput, options: TraceWriter.Options = .init()) throws
    {
        var writer = try TraceWriter(output: output, options: options)
        for var launch in launches { try writer.write(&launch) }
        try writer.finish()
    }

    /// Options that make a new chunk of every few operations.
    static var smallChunks: TraceWriter.Options {
        var options = TraceWriter.Options()
        options.chunkOperations = 5
        return options
    }

    /// Reads the trace as a stream; gives what was read before an error, and the error.
    static func stream(_ input: ByteInput) -> (launches: [SampleLaunch], error: TraceError?) {
        var launches: [SampleLaunch] = []
        do throws(TraceError) {
            let reader = try TraceStreamReader(input)
            while var source = try reader.nextLaunch() {
                launches.append(SampleLaunch(launch: source.launch, programs: []))
                var program = BlockProgram()
                for block in 0..<source.launch.grid.blockCount {
                    try source.loadProgram(ofBlock: block, into: &program)
                    launches[launches.count - 1].programs.append(program)
                }
            }
        } catch {
            return (launches, error)
        }
        return (launches, nil)
    }

    /// Reads the trace through its index, all launches and blocks in order.
    static func readAll(_ input: ByteInput) throws(TraceError) -> [SampleLaunch] {
        let reader = try TraceFileReader(input)
        var launches: [SampleLaunch] = []
        for number in reader.launches.indices {
            var source = try reader.source(launch: number)
            var sample = SampleLaunch(launch: source.launch, programs: [])
            for block in 0..<source.launch.grid.blockCount {
                var program = BlockProgram()
                try source.loadProgram(ofBlock: block, into: &program)
                sample.programs.append(program)
            }
            launches.append(sample)
        }
        return launches
    }

    /// A path in the temporary directory that no other test uses.
    static func temporaryPath() -> String {
        "/tmp/weir-test-\(getpid())-\(UInt64.random(in: 0...UInt64.max)).weir"
    }

    static func descriptor(reading path: String) -> Int32 { open(path, O_RDONLY) }
    static func closeDescriptor(_ descriptor: Int32) { close(descriptor) }
    /// Lets writes to closed pipes fail instead of ending the process, as the command does.
    static func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }

    /// Returns once the other end of a pipe is closed.
    static func waitUntilNobodyReads(_ descriptor: Int32) {
        var request = pollfd(fd: descriptor, events: 0, revents: 0)
        while request.revents & Int16(POLLERR) == 0, poll(&request, 1, 10) >= 0 {}
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }
    static func remove(_ path: String) { unlink(path) }

    /// Names in the temporary directory that begin as `path` does.
    static func leftovers(of path: String) -> [String] {
        guard let directory = opendir("/tmp") else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if ("/tmp/" + name).hasPrefix(path) { names.append(name) }
        }
        return names
    }

    /// A pipe; `run` gets the writing end on another thread, which is closed after it.
    static func throughPipe(_ run: @escaping @Sendable (Int32) -> Void) -> (reading: Int32, wait: () -> Void) {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { return (-1, {}) }
        let writing = ends[1]
        let body = Unmanaged.passRetained(
            ThreadBody {
                run(writing); close(writing)
            })
        #if canImport(Glibc)
            var thread = pthread_t()
            pthread_create(
                &thread, nil,
                { argument in
                    if let argument { Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue().run() }
                    return nil
                }, body.toOpaque())
            let started = thread
            return (ends[0], { pthread_join(started, nil) })
        #else
            var thread: pthread_t?
            pthread_create(
                &thread, nil,
                { argument in
                    Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue().run()
                    return nil
                }, body.toOpaque())
            let started = thread
            return (ends[0], { if let started { pthread_join(started, nil) } })
        #endif
    }

    private final class ThreadBody {
        let run: () -> Void
        init(_ run: @escaping () -> Void) { self.run = run }
    }
}
