import Foundation
import Testing

@testable import TraceFormats

@Suite("What import formats declare")
struct ImportFormatTests {
    @Test("No two formats share a name, and every name gives its format")
    func names() {
        let names = ImportFormat.allCases.flatMap { [$0.rawValue] + $0.otherNames }
        #expect(Set(names).count == names.count)
        for format in ImportFormat.allCases { #expect(ImportFormat(rawValue: format.rawValue) == format) }
        #expect(ImportFormat(rawValue: "elf") == nil)
    }

    @Test("Every format but auto can be told by its content")
    func signs() {
        for format in ImportFormat.all {
            #expect(
                !format.textSigns.isEmpty || format.textTrial != nil || !format.binarySigns.isEmpty,
                "\(format.rawValue)")
        }
        #expect(ImportFormat.auto.textSigns.isEmpty && ImportFormat.auto.binarySigns.isEmpty)
    }

    @Test("docs/recorded-traces.md has a row for every format, in their order, and no other row")
    func page() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = try String(contentsOf: root.appending(path: "docs/recorded-traces.md"), encoding: .utf8)
        let table = try #require(page.firstRange(of: "\n| format | what it reads | becomes |\n")).upperBound
        let rows = page[table...].split(separator: "\n", omittingEmptySubsequences: false).prefix { $0.hasPrefix("|") }
        let names = rows.dropFirst().map { String($0.split(separator: "`")[1]) }
        #expect(names == ImportFormat.allCases.map(\.rawValue))
    }

    @Test("Every option has a format that takes it, and one that refuses it by name")
    func options() throws {
        for option in ImportOption.allCases {
            let taking = ImportFormat.all.filter { $0.takes(option) }
            #expect(!taking.isEmpty && taking.allSatisfy { option.formats.contains($0.rawValue) }, "\(option)")
            let other = try #require(ImportFormat.all.first { !$0.takes(option) })
            #expect(
                option.refusal(by: other).hasPrefix("\(option.rawValue): ")
                    && option.refusal(by: other).contains(other.rawValue))
        }
        #expect(ImportOption.cloudSuite.formats == "champsim")
        #expect(ImportOption.accessBytes.formats == "din, ramulator and champsim")
    }

    @Test("An access without a size has the format's, unless an option says otherwise", arguments: [nil, 1, 64])
    func accessBytes(given: Int?) throws {
        for (format, text, usual) in [(ImportFormat.din, "0 1040\n", 4), (.ramulator, "LD 0x1040\n", 32)] {
            var options = ImportOptions()
            options.accessBytes = given
            let program = try imported(text, as: format, options: options).launches[0].programs[0]
            #expect(accesses(of: program) == ["load 1040 \(given ?? usual)"])
        }
    }
}
