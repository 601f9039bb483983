import Foundation
import Testing

/// Lines of Markdown are at most 120 columns wide, so that a change of a sentence is a small difference.
@Suite("Width of pages")
struct DocumentWidthTests {
    private static let width = 120
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Paths of all pages, relative to the repository. What builds and downloads leave in folders with a dot is no
    /// page.
    private static func pages() -> [String] {
        ["docs", "Traces"].flatMap { folder -> [String] in
            let found =
                FileManager.default.enumerator(atPath: root.appending(path: folder).path)?.compactMap { $0 as? String }
                ?? []
            return found.filter { $0.hasSuffix(".md") }.map { "\(folder)/\($0)" }
        } + ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"]
    }

    /// The numbers of the lines of prose that are too wide: tables, code and lines with an address may be wider.
    private static func wideLines(of text: String) -> [Int] {
        var isFenced = false
        var found: [Int] = []
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let bare = line.drop { $0 == " " }
            if bare.hasPrefix("```") { isFenced.toggle() }
            let mayBeWide = isFenced || bare.hasPrefix("|") || line.hasPrefix("    ") || line.contains("://")
            if !mayBeWide, line.count > width { found.append(number + 1) }
        }
        return found
    }

    @Test("No line of prose is wider than 120 columns")
    func width() throws {
        let pages = Self.pages()
        #expect(pages.count > 40)
        for page in pages {
            let text = try String(contentsOf: Self.root.appending(path: page), encoding: .utf8)
            let lines = Self.wideLines(of: text)
            #expect(
                lines.isEmpty,
                "\(page): lines \(lines) are wider than \(Self.width) columns; run Scripts/wrap-docs \(page)")
        }
    }

    @Test("No comment in Swift is wider than 120 columns")
    func comments() throws {
        let files = ["Sources", "Tests"].flatMap { folder in
            (FileManager.default.enumerator(atPath: Self.root.appending(path: folder).path)?
                .compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".swift") }.map { "\(folder)/\($0)" }
        }
        #expect(files.count > 600)
        for file in files {
            let text = try String(contentsOf: Self.root.appending(path: file), encoding: .utf8)
            let lines = Self.wideComments(of: text)
            #expect(
                lines.isEmpty,
                "\(file): lines \(lines) are wider than \(Self.width) columns; run Scripts/wrap-docs \(file)")
        }
    }

    /// The numbers of the lines that are comments and too wide.
    private static func wideComments(of text: String) -> [Int] {
        text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap { number, line in
            let isWide = line.utf8.count > width && line.drop { $0 == " " }.hasPrefix("//") && !line.contains("://")
            return isWide && line.count > width ? number + 1 : nil
        }
    }

    @Test("A wide comment is found, and wide code is not")
    func findsComments() {
        let wide = String(repeating: "word ", count: 25)
        #expect(Self.wideComments(of: "/// \(wide)\nlet a = \"\(wide)\"\n    // \(wide)\n/// short") == [1, 3])
    }

    @Test("A wide line of prose is found, and wide tables, code and addresses are not")
    func finds() {
        let wide = String(repeating: "word ", count: 25)
        let text = "\(wide)\n| \(wide) |\n```\n\(wide)\n```\n    \(wide)\nhttps://example.org \(wide)\n- \(wide)"
        #expect(Self.wideLines(of: text) == [1, 8])
    }
}
