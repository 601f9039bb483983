import Content
import Foundation
import Machine
import Studies
import SweepSupport
import TestSupport
import Testing
import Trace

/// Inputs of sweeps that cover their readers (docs/fuzzing.md), each read as the fuzzer reads it.
@Suite struct SweepCorpusTests {
    private func inputs(_ target: String) throws -> [(name: String, bytes: Data)] {
        let folder = try #require(Bundle.module.resourceURL).appendingPathComponent("Corpus/\(target)")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(names.count > 5)
        return try names.map { ($0, try Data(contentsOf: folder.appendingPathComponent($0))) }
    }

    @Test func `every list of points is read, or refused in one line that names the place`() throws {
        for (name, bytes) in try inputs("sweep-points") {
            do {
                let points = try SweepPointList.read(Array(bytes), name: "input", fields: AnyField.gpu)
                #expect(Set(points.map(\.text)).count == points.count, "\(name)")
            } catch {
                let message = try #require((error as? any UserError)?.message, "\(name): \(error)")
                #expect(message.hasPrefix("input:") && !message.contains("\n"), "\(name): \(message)")
            }
        }
    }

    @Test func `every file takes a line and keeps what it had, or is refused in one line and stays as it is`() throws {
        try withFolder { folder in
            for (name, bytes) in try inputs("sweep-file") {
                let path = folder + "/" + name
                try bytes.write(to: URL(fileURLWithPath: path))
                do {
                    let file = try SweepFile(path: path)
                    let before = try Data(contentsOf: URL(fileURLWithPath: path))
                    try file.append(openLine(key: sweepKey(1)))
                    try file.verify()
                    let after = String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
                    #expect(
                        after == String(decoding: before, as: UTF8.self) + sealedLine(key: sweepKey(1)) + "\n",
                        "\(name)")
                    #expect(try SweepFile(path: path).status(ofKey: sweepKey(1)) == .ok, "\(name)")
                } catch {
                    let message = try #require((error as? any UserError)?.message, "\(name): \(error)")
                    #expect(message.hasPrefix(path) && !message.contains("\n"), "\(name): \(message)")
                    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == bytes, "\(name)")
                }
            }
        }
    }
}
