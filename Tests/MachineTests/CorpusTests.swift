import Foundation
import Machine
import Testing

/// The machine files that fuzzing found worth keeping (docs/fuzzing.md).
@Suite struct CorpusTests {
    @Test func `every machine file gives a machine or one line that names the place`() throws {
        let folder = try #require(Bundle.module.resourceURL).appendingPathComponent("Corpus/machine")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(names.count > 5)
        for name in names {
            let yaml = String(decoding: try Data(contentsOf: folder.appendingPathComponent(name)), as: UTF8.self)
            do throws(MachineError) {
                _ = try MachineFile.settings(yaml: yaml, path: "input")
            } catch {
                let message = error.description
                #expect(!message.contains(where: \.isNewline) && message.contains("input"), "\(name): \(message)")
            }
        }
    }
}
