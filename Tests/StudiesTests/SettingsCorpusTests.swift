import Content
import Foundation
import Machine
import Studies
import Testing

/// Texts of options that fuzzing starts from or found worth keeping (docs/fuzzing.md).
@Suite struct SettingsCorpusTests {
    @Test func `every text of an option gives values or one line`() throws {
        let gpu = try AnyMachine(named: "h200")
        let folder = try #require(Bundle.module.resourceURL).appendingPathComponent("Corpus/settings")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        func read(_ bytes: Data) throws {
            guard let kind = bytes.first else { return }
            let text = String(decoding: bytes.dropFirst(), as: UTF8.self)
            if kind & 3 == 0 {
                _ = try AnyMachine(named: kind & 4 == 0 ? "h200" : "one-core", options: [text])
            } else {
                let texts =
                    kind & 3 == 1
                    ? [text] : text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
                _ = try SweepPlan(axes: texts.map { try SweepAxis($0, fields: AnyField.gpu, machine: gpu) })
            }
        }
        /// Inputs that are read; every other must give one line.
        var known: [String] = []
        for name in names {
            do {
                try read(Data(contentsOf: folder.appendingPathComponent(name)))
                known.append(name)
            } catch {
                let message = try #require((error as? any UserError)?.message, "\(name): \(error)")
                #expect(error is SweepError || error is MachineError, "\(name): \(message)")
            }
        }
        #expect(
            known.contains("text-00") && known.contains("text-03") && !known.contains("text-05")
                && !known.contains("text-07"))
    }
}
