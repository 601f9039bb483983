import Content
import Foundation
import Machine
import Testing
import Trace
import Validation

/// Measurements that fuzzing starts from or found worth keeping (docs/fuzzing.md).
@Suite struct TableCorpusTests {
    private static func inputs(_ target: String) throws -> [(name: String, bytes: [UInt8])] {
        let folder = try #require(Bundle.module.resourceURL).appendingPathComponent("Corpus/\(target)")
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
            .map { ($0, Array(try Data(contentsOf: folder.appendingPathComponent($0)))) }
    }

    /// How many of a target's inputs are read; every other must give one line that names the place.
    private func read(_ target: String, _ body: ([UInt8]) throws -> Void) throws -> [String] {
        try Self.inputs(target).compactMap { name, bytes in
            do {
                try body(bytes)
                return name
            } catch {
                let message = "\(error)".asMessage
                #expect(
                    error is ReferenceError || error is GoldenError,
                    "\(name)")
                #expect(message.contains("input"), "\(name): \(message)")
                return nil
            }
        }
    }

    @Test func `every measured table gives launches or one line`() throws {
        let machine = try MachineDescription(named: "h200")
        let read = try read("validate") { bytes in
            try Validation.check(
                table: ReferenceTable(text: String(decoding: bytes, as: UTF8.self), name: "input"), machine: machine)
        }
        #expect(read.filter { $0.hasPrefix("ssd-") || $0.hasPrefix("other-") || $0.hasPrefix("short-") }.count > 25)
    }

    @Test func `every golden digest is compared or gives one line`() throws {
        let read = try read("golden") { _ = try GoldenCheck.check(plain: $0, file: "input", countedOperations: 2000) }
        #expect(read.contains("ch_cumsum_fwd") && read.contains("swiglu_fwd"))
    }

    @Test func `strides of the fused kernel's inputs stay within their allocations`() throws {
        let fused = try #require(try Self.inputs("golden").first { $0.name == "ssd_fused" }).bytes
        let text = String(decoding: fused, as: UTF8.self)
        let strides = try #require(text.firstRange(of: /"arg":"x_ptr".*?"strides":\[/)).upperBound
        for wrong in ["9223372036854775807,", "70368744177664,", "4611686018427387904,4611686018427387904,"] {
            let changed = text[..<strides] + wrong + text[strides...].drop { $0 != "," }.dropFirst()
            let error = try #require(throws: GoldenError.self) {
                try GoldenCheck.check(plain: Array(changed.utf8), file: "f")
            }
            #expect(error.description.contains("x_ptr"), "\(error)")
        }
    }

    @Test func `every time line gives blocks or one line`() throws {
        let read = try read("lifetimes") { bytes in
            let timeline = try MeasuredTimeline(plain: bytes, file: "input/m130m_s256_c256.00.chunk_cumsum_fwd.csv.gz")
            #expect(BlockStatistics(timeline.blocks).values.allSatisfy { $0.value?.isFinite ?? true })
        }
        #expect(read.contains("two-blocks") && read.contains("no-grid"))
    }
}
