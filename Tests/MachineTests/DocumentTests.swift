import Foundation
import Machine
import Testing

@Suite("docs/machine-model.md")
struct DocumentTests {
    private static let url = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "docs/machine-model.md")

    @Test("The tables are those of the field table")
    func tablesAreCurrent() throws {
        let document = try String(contentsOf: Self.url, encoding: .utf8)
        var current = try Self.replacing("fields", in: document, with: MachineTables.fields)
        current = try Self.replacing("fitted", in: current, with: MachineTables.fitted)
        current = try Self.replacing("policies", in: current, with: MachineTables.policies)
        if ProcessInfo.processInfo.environment["WEIR_UPDATE_DOCS"] != nil {
            try current.write(to: Self.url, atomically: true, encoding: .utf8)
        } else {
            #expect(
                document == current,
                "run WEIR_UPDATE_DOCS=1 swift test --filter MachineTests and look at the difference")
        }
    }

    @Test("Every field has a unit, a meaning and a source, and a name of its own")
    func fieldsAreComplete() {
        let names = MachineField.all.map(\.name)
        #expect(Set(names).count == names.count)
        for field in MachineField.all {
            #expect(field.name.split(separator: ".").count == 2, "\(field.name)")
            #expect(!field.meaning.isEmpty && !field.meaning.hasSuffix("."), "\(field.name)")
            for preset in MachinePreset.allCases { #expect(!field.source(for: preset).text.isEmpty, "\(field.name)") }
        }
    }

    @Test("No stored setting lacks a field")
    func everySettingHasAField() {
        let groups = Mirror(reflecting: MachineSettings.h200).children.filter { $0.label != "preset" }
        let stored = groups.flatMap { group in
            Mirror(reflecting: group.value).children.map { "\(group.label!).\($0.label!)" }
        }
        #expect(stored.count == MachineField.all.count)
        #expect(groups.map { $0.label! } == MachineField.groups)
    }

    private static func replacing(_ name: String, in document: String, with table: String) throws -> String {
        let start = try #require(document.range(of: "<!-- \(name): generated -->\n"))
        let end = try #require(document.range(of: "<!-- end -->", range: start.upperBound..<document.endIndex))
        return document.replacingCharacters(in: start.upperBound..<end.lowerBound, with: table + "\n")
    }
}
