import Foundation
import Machine
import Report
import RunSupport
import Runs
import TestSupport
import Testing
import Trace
import weir

@Suite("Timelines in the trace-event format")
struct TimelineTests {
    private struct Event {
        let phase: String
        let process: Int
        let thread: Int
        let name: String
        let start: Double?
        let duration: Double?
        let arguments: [String: Any]

        init(_ members: [String: Any]) throws {
            phase = try #require(members["ph"] as? String)
            process = try #require(members["pid"] as? Int)
            thread = try #require(members["tid"] as? Int)
            name = try #require(members["name"] as? String)
            start = members["ts"] as? Double
            duration = members["dur"] as? Double
            arguments = try #require(members["args"] as? [String: Any])
        }
    }

    /// Runs the small call and gives its timeline's events and metadata.
    private func timeline(
        limit: Int = TimelineWriter.blockLimit, samples: Bool = true
    ) throws -> (run: RunResult, events: [Event], other: [String: Any]) {
        let machine = try MachineDescription(named: "h200")
        let buffer = ByteOutput.Buffer()
        let writer = try TimelineWriter(output: ByteOutput(buffer: buffer), machine: machine, limit: limit)
        let run = try LaunchRunner.run(
            try smallLaunches(), machine: machine, cacheMode: .cold, samples: samples, observer: writer)
        try writer.finish()
        let read = try parsed(String(decoding: buffer.bytes, as: UTF8.self))
        #expect(Set(read.keys) == ["displayTimeUnit", "traceEvents", "otherData"])
        let events = try #require(read["traceEvents"] as? [[String: Any]]).map { try Event($0) }
        return (run, events, try #require(read["otherData"] as? [String: Any]))
    }

    @Test("Every block is a complete event on its slot's track; none overlap, and launches follow each other")
    func blocks() throws {
        let (run, events, other) = try timeline()
        #expect(Set(events.map(\.phase)) == ["X", "C", "M"])
        var launchEnd = 0.0
        for (number, result) in run.launches.enumerated() {
            let complete = events.filter { $0.process == number && $0.phase == "X" }
            let whole = try #require(complete.first { $0.thread == 0 })
            let start = try #require(whole.start)
            let duration = try #require(whole.duration)
            #expect(whole.name == result.launch.kernel)
            #expect(abs(start - launchEnd) < 1e-3 && abs(duration - result.durationNanoseconds / 1000) < 1e-3)
            launchEnd = start + duration
            let blocks = complete.filter { $0.thread > 0 }
            let numbers: [Int] = blocks.compactMap { $0.arguments["block"] as? Int }.sorted()
            #expect(numbers == Array(0..<result.launch.grid.blockCount))
            for track in Dictionary(grouping: blocks, by: \.thread).values {
                var lastEnd = start
                for block in track.sorted(by: { ($0.start ?? 0) < ($1.start ?? 0) }) {
                    let begin = try #require(block.start)
                    let length = try #require(block.duration)
                    #expect(length >= 0 && begin >= lastEnd - 1e-6)
                    lastEnd = begin + length
                    let shares = block.arguments.filter { $0.key.hasSuffix("_pct") }.values.compactMap { $0 as? Double }
                    #expect(abs(shares.reduce(0, +) - 100) < 0.5)
                }
                #expect(lastEnd <= launchEnd + 1e-6)
            }
        }
        #expect(other["blocks_written"] as? Int == run.launches.reduce(0) { $0 + $1.launch.grid.blockCount })
        #expect(other["machine"] as? String == "NVIDIA H200 SXM")
    }

    @Test("Launches are named processes and slots named threads, each once")
    func names() throws {
        let (run, events, _) = try timeline(samples: false)
        #expect(!events.contains { $0.phase == "C" })
        let processes = events.filter { $0.name == "process_name" }.compactMap { $0.arguments["name"] as? String }
        #expect(processes == run.launches.enumerated().map { "\($0) \($1.launch.kernel)" })
        let named: [String] = events.filter { $0.name == "thread_name" }.map { "\($0.process) \($0.thread)" }
        #expect(Set(named).count == named.count)
        let used: [String] = events.filter { $0.phase == "X" }.map { "\($0.process) \($0.thread)" }
        #expect(Set(used) == Set(named))
    }

    @Test("Counters show bandwidth, hit rate and resident blocks over each launch")
    func counters() throws {
        let (run, events, _) = try timeline()
        for (number, result) in run.launches.enumerated() {
            let counters = events.filter { $0.process == number && $0.phase == "C" }
            #expect(Set(counters.map(\.name)) == ["HBM GB/s", "L2 hit %", "resident blocks"])
            for name in ["HBM GB/s", "resident blocks"] {
                let times = try counters.filter { $0.name == name }.map { try #require($0.start) }
                #expect(times == times.sorted() && times.count == (result.samples?.count ?? 0) + 1)
            }
            for counter in counters {
                #expect(counter.arguments.values.allSatisfy { ($0 as? Double ?? -1) >= 0 })
            }
        }
    }

    @Test("Of more blocks than fit, every n-th is written, and the metadata say so")
    func sampledBlocks() throws {
        let (run, events, other) = try timeline(limit: 10, samples: false)
        let launches = try #require(other["launches"] as? [[String: Any]])
        for (number, result) in run.launches.enumerated() {
            let stride = try #require(launches[number]["every_nth_block"] as? Int)
            let blocks = events.filter { $0.process == number && $0.phase == "X" && $0.thread > 0 }
            #expect(blocks.allSatisfy { ($0.arguments["block"] as? Int ?? -1) % stride == 0 })
            #expect(launches[number]["blocks_written"] as? Int == blocks.count)
            #expect(launches[number]["blocks"] as? Int == result.launch.grid.blockCount)
            #expect(blocks.count == (result.launch.grid.blockCount + stride - 1) / stride)
        }
        #expect(launches.contains { ($0["every_nth_block"] as? Int ?? 0) > 1 })
    }

    @Test("The commands write the file, and JSON has the samples as arrays of one length")
    func commands() throws {
        try withFolder { folder in
            let trace = folder + "/small.weir"
            try Data(try smallTrace()).write(to: URL(fileURLWithPath: trace))
            for words in [["run", "ch_cumsum_fwd", "--heads", "8", "--sequence-length", "512"], ["replay", trace]] {
                let timeline = folder + "/timeline.json"
                let output = folder + "/output.json"
                var command = try Weir.parseAsRoot(
                    words + [
                        "--timeline", timeline, "--format", "json", "--quiet", "--threads", "1", "--output", output,
                    ])
                try command.run()
                let events = try parsed(String(contentsOfFile: timeline, encoding: .utf8))["traceEvents"] as? [Any]
                #expect((events?.count ?? 0) > 10)
                let read = try parsed(String(contentsOfFile: output, encoding: .utf8))
                for launch in try #require(read["launches"] as? [[String: Any]]) {
                    let samples = try #require(launch["samples"] as? [String: Any])
                    let lengths = samples.values.compactMap { ($0 as? [Any])?.count }
                    #expect(lengths.count == 5 && Set(lengths).count == 1 && lengths[0] > 0)
                    #expect((samples["bucket_ns"] as? Double ?? 0) > 0)
                }
                try FileManager.default.removeItem(atPath: timeline)
            }
        }
    }
}
