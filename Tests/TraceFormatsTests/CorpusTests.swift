import Foundation
import Testing
import Trace
import TraceFormats

/// The inputs that fuzzing found worth keeping (docs/fuzzing.md), each through its reader.
@Suite("Corpora of foreign traces")
struct CorpusTests {
    @Test(
        "Every input ends with a trace or with one line that names the place, and so does it where its content decides",
        arguments: ImportFormat.allCases.map(\.rawValue))
    func inputs(target: String) throws {
        let format = try #require(ImportFormat(rawValue: target))
        for (name, bytes) in try files(target) {
            try check("\(target)/\(name)") { _ = try imported(bytes, as: format) }
            try check("\(target)/\(name), auto") { _ = try imported(bytes, as: .auto) }
        }
    }

    @Test("So does every list of kernels, whose files are not there")
    func lists() throws {
        for (name, bytes) in try files("kernelslist") {
            try check("kernelslist/\(name)") {
                var writer = try TraceWriter(output: ByteOutput(buffer: ByteOutput.Buffer(), name: "input"))
                _ = try TraceImport.read(
                    ByteInput(bytes: bytes, name: "input"), format: .accelSim, directory: temporaryPath(), into: &writer
                )
                try writer.finish()
            }
        }
    }

    @Test("So does every compressed stream, and the text that was compressed")
    func compressed() throws {
        // The first three bytes tell the harness what to do with the rest.
        for (name, bytes) in try files("compressed") {
            try check("compressed/\(name)") { _ = try imported(Array(bytes.dropFirst(3)), as: .din) }
        }
    }

    private func check(_ name: String, _ body: () throws -> Void) throws {
        let message: String
        do {
            try body()
            return
        } catch let error as TraceFormatError {
            message = error.description
        } catch let error as TraceError {
            message = error.description
        }
        #expect(!message.contains(where: \.isNewline) && message.contains("input"), "\(name): \(message)")
    }

    private func files(_ target: String) throws -> [(name: String, bytes: [UInt8])] {
        let folder = try #require(Bundle.module.resourceURL).appendingPathComponent("Corpus/\(target)")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(names.count > 5)
        return try names.map { ($0, Array(try Data(contentsOf: folder.appendingPathComponent($0)))) }
    }
}
