import Analysis
import Foundation
import Report
import RunSupport
import TestSupport
import Testing
import weir

@Suite("Reports of inspections")
struct InspectReportTests {
    /// An inspection of a trace of this launch alone, on six SMs.
    private func trace(of launch: HandMadeLaunch) throws -> TraceSummary {
        var profiler: AccessProfiler? = AccessProfiler(processorCount: 6)
        let summary = try LaunchSummary(launch, order: 0, profiler: &profiler)
        return TraceSummary(file: "hand.weir", byteCount: nil, producer: "hand", launches: [summary], processorCount: 6)
    }

    private func example(blocks: Int = 5) throws -> TraceSummary {
        var launch = HandMadeLaunch(blocks: blocks, tensors: ["a", "b,c"])
        for block in 0..<blocks {
            launch.add(block: block, .load, tensor: 0, [0, 128])
            launch.add(block: block, .store, tensor: 1, [4096 + UInt64(block) * 32])
        }
        return try trace(of: launch)
    }

    @Test("JSON has classes of sharing up to the last SM, buckets of distances, and the numbers of launch and tensors")
    func json() throws {
        let read = try parsed(InspectJSON().render(example()))
        #expect(read["sms"] as? Int == 6)
        let launch = try #require((read["launches"] as? [[String: Any]])?.first)
        #expect(launch["footprint_sectors"] as? Int == 7)
        #expect(launch["footprint_bytes"] as? Int == 224)
        #expect(launch["footprint_written_lines"] as? Int == 2)
        #expect(launch["block_read_bytes_mean"] as? Double == 8)
        #expect(launch["block_write_sector_bytes_max"] as? Int == 32)
        let sharing = try #require(launch["sharing"] as? [[String: Int]])
        #expect(sharing.map { $0["sms_from"] } == [1, 2, 3, 5] && sharing.map { $0["sms_to"] } == [1, 2, 4, 6])
        // Lines 0 and 1 on five SMs, line 32 on four of them, line 33 on one.
        #expect(sharing.map { $0["lines"] } == [1, 0, 1, 2] && sharing.map { $0["line_requests"] } == [1, 0, 4, 10])
        let tensors = try #require(launch["tensors"] as? [[String: Any]])
        // Each block: line 0, line 1, then one of the other tensor.
        let reuse = try #require(tensors[0]["reuse"] as? [String: Any])
        #expect(reuse["cold"] as? Int == 2 && reuse["line_bytes"] as? Int == 128)
        let histogram = try #require(reuse["histogram"] as? [[String: Int]])
        // Two other lines in between, each time: 8 touches.
        #expect(histogram.map { $0["from"] } == [0, 1, 2] && histogram.map { $0["to"] } == [0, 1, 3])
        #expect(histogram.map { $0["line_requests"] } == [0, 0, 8])
        #expect(tensors[1]["read_coalescing"] is NSNull)
        #expect(tensors[1]["write_coalescing"] as? Double == 1)
    }

    @Test("Coalescing, active lanes and sectors of a request are those of the requests")
    func coalescing() throws {
        var launch = HandMadeLaunch(blocks: 1, tensors: ["a"])
        launch.add(block: 0, .load, tensor: 0, (0..<32).map { UInt64($0) * 4 })  // 4 sectors, least 4
        launch.add(block: 0, .load, tensor: 0, (0..<8).map { UInt64($0) * 64 })  // 8 sectors, least 1
        launch.add(block: 0, .load, tensor: 0, [16, 20, 24, 28, 32, 36, 40, 44, 48])  // 2 sectors, least 2
        launch.add(block: 0, .store, tensor: 0, [0, 0, 0])  // 1 sector, least 1
        let read = try parsed(InspectJSON().render(trace(of: launch)))
        let columns = try #require((read["launches"] as? [[String: Any]])?.first)
        #expect(columns["read_coalescing"] as? Double == 2)
        #expect(columns["mean_active_lanes"] as? Double == 13)
        #expect(columns["sectors_per_request"] as? Double == 3.75)
    }

    @Test("CSV has a row for each launch and tensor, with JSON's names and values")
    func csv() throws {
        let trace = try example()
        let lines = InspectCSV().render(trace).split(separator: "\n").map(String.init)
        #expect(lines.count == 3)
        let header = lines[0].split(separator: ",").map(String.init)
        #expect(Set(header).count == header.count)
        let row = lines[1].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        #expect(row.count == header.count)
        let fields = Dictionary(zip(header, row)) { first, _ in first }
        #expect(fields["kernel"] == "hand" && fields["tensor"] == "a" && fields["blocks"] == "5")
        #expect(fields["lines_of_5_to_6_sms"] == "2" && fields["line_requests_of_5_to_6_sms"] == "10")
        #expect(fields["reuse_cold"] == "2" && fields["reuse_2_to_3"] == "8" && fields["reuse_0"] == "0")
        #expect(fields["write_coalescing"] == "" && fields["sectors_per_request"] == "2")
        let json = try parsed(InspectJSON().render(trace))
        let tensor = try #require(
            ((json["launches"] as? [[String: Any]])?.first?["tensors"] as? [[String: Any]])?.first)
        for (key, value) in tensor {
            guard let number = value as? Double else { continue }
            #expect(fields[key].flatMap(Double.init) == number, "\(key)")
        }
        #expect(lines[2].contains("\"b,c\""))
    }

    @Test("Text tables stay within 100 columns on the main kernels, with a row for each tensor and one for all")
    func text() throws {
        var profiler: AccessProfiler? = AccessProfiler()
        let trace = try TraceSummary(reading: .init(bytes: try smallTrace(), name: "small"), profiler: &profiler)
        let lines = InspectText().render(trace).split(separator: "\n").map(String.init)
        // Lines of operations are lists, not tables.
        #expect(lines.filter { !$0.hasPrefix("operations:") }.allSatisfy { $0.count <= 100 && !$0.hasSuffix(" ") })
        #expect(lines.count { $0.hasPrefix("all ") } >= 3 * trace.launches.count)
        #expect(lines.count { $0.hasPrefix("prev_states ") } >= 4)
        #expect(lines.contains { $0.contains("touch them, of 132") })
    }

    @Test("--brief leaves the account of lines out of every format")
    func brief() throws {
        let trace = try TraceSummary(reading: .init(bytes: try smallTrace(), name: "small"))
        #expect(!InspectText().render(trace).contains("footprint"))
        let json = try parsed(InspectJSON().render(trace))
        #expect(json["sms"] is NSNull)
        #expect((json["launches"] as? [[String: Any]])?.first?["footprint_sectors"] == nil)
        let csv = InspectCSV().render(trace).split(separator: "\n")
        #expect(csv.count == 1 + trace.launches.reduce(0) { $0 + $1.launch.tensors.count })
        #expect(csv[0].hasSuffix("write_bytes"))
    }

    @Test("The command writes each format, the same each time, and refuses SMs that no machine has")
    func command() throws {
        try withFolder { folder in
            let trace = folder + "/small.weir"
            try Data(try smallTrace()).write(to: URL(fileURLWithPath: trace))
            for format in ["text", "json", "csv"] {
                let outputs = try ["1", "2"].map { number in
                    let path = folder + "/" + format + number
                    var command = try Weir.parseAsRoot([
                        "inspect", trace, "--sms", "8", "--format", format, "--output", path, "--quiet",
                    ])
                    try command.run()
                    return try String(contentsOfFile: path, encoding: .utf8)
                }
                #expect(!outputs[0].isEmpty && outputs[0] == outputs[1])
            }
        }
        for count in ["0", "-1", "1025"] {
            #expect(throws: (any Error).self) { try Weir.parseAsRoot(["inspect", "x.weir", "--sms=\(count)"]) }
        }
    }
}
