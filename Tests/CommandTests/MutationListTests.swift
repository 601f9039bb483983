import Foundation
import Testing

/// The list of faults that `Scripts/mutate` plants fits the sources. `Scripts/mutate --check` tells the same.
@Suite("The list of planted faults")
struct MutationListTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// An entry of Scripts/mutations.txt. The head of the list explains its form.
    private struct Entry {
        let name: String
        /// The file, below Sources.
        let path: String
        /// The old text, without the marks around its replaced part.
        var old = ""
        /// Which of several places is meant, from 1; nil where there is one place alone.
        var occurrence: Int?
    }

    private static func entries() throws -> [Entry] {
        let list = try String(contentsOf: root.appending(path: "Scripts/mutations.txt"), encoding: .utf8)
        var entries: [Entry] = []
        for line in list.split(separator: "\n") where !line.hasPrefix("#") && !line.hasPrefix("+") {
            let words = line.split(separator: " ", maxSplits: 1).map(String.init)
            try #require(words.count == 2)
            if line.hasPrefix("-") {
                let last = try #require(entries.indices.last)
                entries[last].old = words[1].filter { $0 != "«" && $0 != "»" }
                entries[last].occurrence = Int(words[0].dropFirst())
            } else {
                let path = try #require(words.last?.split(separator: " ").first)
                entries.append(Entry(name: words[0], path: String(path)))
            }
        }
        return entries
    }

    @Test("Every entry has a name of its own, and its old text stands in its file as often as the entry says")
    func entriesFit() throws {
        let entries = try Self.entries()
        #expect(entries.count > 200 && Set(entries.map(\.name)).count == entries.count)
        var files: [String: String] = [:]
        for entry in entries {
            let file = Self.root.appending(path: "Sources/\(entry.path)")
            let text = try files[entry.path] ?? String(contentsOf: file, encoding: .utf8)
            files[entry.path] = text
            let places = entry.old.isEmpty ? 0 : text.ranges(of: entry.old).count
            let fits = entry.occurrence.map { $0 <= places } ?? (places == 1)
            #expect(
                fits,
                "\(entry.name): 'Sources/\(entry.path)' has '\(entry.old)' \(places) times; renew the entry")
        }
    }
}
