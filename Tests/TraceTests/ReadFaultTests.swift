import TestSupport
import Testing
import Trace

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Signals taken so far; the tests that send them run one after the other.
private nonisolated(unsafe) var interruptions = 0

/// Reads and writes that the system serves in pieces, interrupts or breaks off.
@Suite(.serialized) struct ReadFaultTests {
    /// Bytes that wait in a pipe.
    private static func waiting(_ descriptor: Int32) -> Int {
        var count: Int32 = 0
        return ioctl(descriptor, UInt(FIONREAD), &count) == 0 ? Int(count) : 0
    }

    /// Writes `bytes` in pieces; each waits until the one before has been read, and all that is left is dropped where
    /// nobody reads.
    private static func write(_ bytes: [UInt8], to descriptor: Int32, pieces: [Int], before: () -> Void = {}) {
        var start = 0
        var number = 0
        while start < bytes.count {
            while waiting(descriptor) > 0 {
                var request = pollfd(fd: descriptor, events: 0, revents: 0)
                if poll(&request, 1, 0) > 0, request.revents & Int16(POLLERR) != 0 { return }
                sched_yield()
            }
            before()
            let end = min(bytes.count, start + pieces[number % pieces.count])
            let piece = Array(bytes[start..<end])
            guard systemWrite(descriptor, piece) == piece.count else { return }
            start = end
            number += 1
        }
    }

    private static func systemWrite(_ descriptor: Int32, _ bytes: [UInt8]) -> Int {
        #if canImport(Glibc)
            Glibc.write(descriptor, bytes, bytes.count)
        #else
            Darwin.write(descriptor, bytes, bytes.count)
        #endif
    }

    /// Lets SIGUSR1 break off the calls of this thread, which blocks signals as a worker thread of the system does.
    private static func takeSignals() {
        var action = sigaction()
        #if canImport(Glibc)
            action.__sigaction_handler.sa_handler = { _ in interruptions += 1 }
        #else
            action.__sigaction_u.__sa_handler = { _ in interruptions += 1 }
        #endif
        sigaction(SIGUSR1, &action, nil)
        mask(SIG_UNBLOCK)
    }

    /// Waits for something that comes soon, but not for ever.
    private static func wait(until condition: () -> Bool) {
        for _ in 0..<10_000 where !condition() { usleep(1000) }
    }

    private static func mask(_ how: Int32) {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGUSR1)
        pthread_sigmask(how, &signals, nil)
    }

    @Test(arguments: [[1], [3, 1, 7, 40, 2], [39, 41], [500]])
    func `A trace comes through a pipe in pieces of any size`(pieces: [Int]) throws {
        TraceIO.ignoreBrokenPipes()
        let launches = TraceSamples.small()
        let bytes = try TraceIO.write(launches, options: TraceIO.smallChunks)
        let (reading, wait) = TraceIO.throughPipe { Self.write(bytes, to: $0, pieces: pieces) }
        let (streamed, error) = TraceIO.stream(ByteInput(descriptor: reading))
        TraceIO.closeDescriptor(reading)
        wait()
        #expect(error == nil)
        #expect(streamed == launches)
    }

    @Test func `A read that a signal interrupts goes on`() throws {
        Self.takeSignals()
        defer { Self.mask(SIG_BLOCK) }
        TraceIO.ignoreBrokenPipes()
        let before = interruptions
        let launches = TraceSamples.small()
        let bytes = try TraceIO.write(launches, options: TraceIO.smallChunks)
        #if canImport(Glibc)
            let reader = pthread_self()
        #else
            nonisolated(unsafe) let reader = pthread_self()
        #endif
        let (reading, wait) = TraceIO.throughPipe { writing in
            // The reader waits by now, more often than not: some of the signals break its call.
            Self.write(bytes, to: writing, pieces: [11]) {
                usleep(200)
                pthread_kill(reader, SIGUSR1)
                usleep(200)
            }
        }
        let (streamed, error) = TraceIO.stream(ByteInput(descriptor: reading))
        TraceIO.closeDescriptor(reading)
        wait()
        #expect(error == nil)
        #expect(streamed == launches)
        #expect(interruptions > before)
    }

    @Test func `A write that a signal breaks off goes on behind what was written`() throws {
        TraceIO.ignoreBrokenPipes()
        var program = BlockProgram()
        var generator = SeededGenerator(seed: 1)
        program.laneAddresses = (0..<20_000).map { _ in generator.next() }
        let launches = [SampleLaunch(launch: TraceSamples.launch("w", blocks: 1), programs: [program])]
        let bytes = try TraceIO.write(launches)
        #expect(bytes.count > 128 << 10)
        nonisolated(unsafe) var writer: pthread_t?
        let (reading, wait) = TraceIO.throughPipe { writing in
            Self.takeSignals()
            writer = pthread_self()
            do {
                try TraceIO.write(launches, to: ByteOutput(descriptor: writing))
            } catch {
                Issue.record("writing failed: \(error)")
            }
        }
        // The pipe is full before the record is through: the writer's call ends with part of it when the signal comes,
        // and the next one, which can write nothing, when the second signal does.
        Self.wait { Self.waiting(reading) >= 60 << 10 }
        for _ in 0..<2 {
            usleep(20_000)
            let before = interruptions
            pthread_kill(try #require(writer), SIGUSR1)
            Self.wait { interruptions > before }
            #expect(interruptions > before)
        }
        usleep(20_000)
        let (streamed, error) = TraceIO.stream(ByteInput(descriptor: reading))
        TraceIO.closeDescriptor(reading)
        wait()
        #expect(error == nil)
        #expect(streamed == launches)
    }

    @Test func `A directory and a closed descriptor are errors that name the call`() throws {
        let folder = TraceIO.stream(try ByteInput(path: "/tmp")).error
        #expect(folder.map { "\($0)" } == "/tmp, byte 0: read failed: Is a directory")
        let bad = TraceIO.stream(ByteInput(descriptor: -1, name: "input")).error
        #expect(bad.map { "\($0)" } == "input, byte 0: read failed: Bad file descriptor")
        #expect(throws: TraceError.self) { try TraceFileReader(path: "/tmp") }
    }

    #if os(Linux)
        /// Both ends of a new terminal that passes bytes on as they are.
        private static func terminal() throws -> (Int32, Int32) {
            let first = open("/dev/ptmx", O_RDWR | O_NOCTTY)
            // TIOCSPTLCK and TIOCGPTN, which the compiler cannot import.
            var (lock, number): (Int32, Int32) = (0, 0)
            try #require(first >= 0 && ioctl(first, 0x4004_5431, &lock) == 0 && ioctl(first, 0x8004_5430, &number) == 0)
            let second = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
            try #require(second >= 0)
            var mode = termios()
            tcgetattr(second, &mode)
            cfmakeraw(&mode)
            tcsetattr(second, TCSANOW, &mode)
            return (first, second)
        }

        @Test
        func `A device that fails in the middle of a trace gives the blocks before, and the error with its place`()
            throws
        {
            // A terminal whose other end is closed delivers what was typed, and then EIO.
            let whole = TraceSamples.small()
            let bytes = try TraceIO.write(whole, options: TraceIO.smallChunks)
            for length in [0, 5, 40, bytes.count / 2, bytes.count - 40, bytes.count - 3] {
                let (terminal, other) = try Self.terminal()
                #expect(Self.systemWrite(other, Array(bytes[..<length])) == length)
                close(other)
                let (read, error) = TraceIO.stream(ByteInput(descriptor: terminal, name: "terminal"))
                close(terminal)
                let cut = TraceIO.stream(ByteInput(bytes: Array(bytes[..<length])))
                #expect(read == cut.launches)
                guard case .system(let place, call: "read", _) = error else {
                    Issue.record("\(length) bytes: \(String(describing: error))")
                    continue
                }
                #expect(place.file == "terminal")
                #expect(error.map { "\($0)".hasSuffix("read failed: Input/output error") } == true)
            }
        }

        @Test func `A file that cannot be read at an offset is an error`() throws {
            let memory = TraceIO.stream(try ByteInput(path: "/proc/self/mem")).error
            #expect(memory.map { "\($0)" } == "/proc/self/mem, byte 0: read failed: Input/output error")
        }
    #endif

    @Test func `A record longer than one read call comes whole from a file`() throws {
        var generator = SeededGenerator(seed: 5)
        var program = BlockProgram()
        program.laneAddresses = (0..<140_000).map { _ in generator.next() }
        let launches = [SampleLaunch(launch: TraceSamples.launch("x", blocks: 2), programs: [program, BlockProgram()])]
        let path = TraceIO.temporaryPath()
        defer { TraceIO.remove(path) }
        let file = try AtomicFile(path: path)
        try TraceIO.write(launches, to: file.output())
        try file.commit()
        let reader = try TraceFileReader(path: path)
        #expect(reader.byteCount > 1 << 20)
        var source = try reader.source(launch: 0)
        var read = BlockProgram()
        try source.loadProgram(ofBlock: 0, into: &read)
        #expect(read == program)
    }
}
