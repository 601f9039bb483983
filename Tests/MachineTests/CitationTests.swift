import Foundation
import Testing

/// Every file that sources and documents cite is in the repository.
@Suite("Citations")
struct CitationTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Names that stand for a user's file, or for a file of another project.
    private static let foreign: Set = [
        "FILE.csv", "FILE.txt", "file.csv", "curve.csv", "my_script.py", "k_activations.py", "layernorm_gated.py",
        "ssd_fused5.py",
    ]

    /// Pages at the top of the repository.
    private static let top = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"]

    /// Paths of all files below `folders`, relative to the repository.
    private static func files(in folders: [String]) -> [String] {
        folders.flatMap { folder -> [String] in
            let base = root.appending(path: folder).path
            let found = FileManager.default.enumerator(atPath: base)?.compactMap { $0 as? String } ?? []
            return found.map { "\(folder)/\($0)" }
        }
    }

    private static let cited = files(in: ["Sources", "docs", "Scripts", "Tests", "Traces", "Fuzz"]) + top
    private static let citing =
        files(in: ["Sources", "docs"]).filter { $0.hasSuffix(".swift") || $0.hasSuffix(".md") } + top

    private static func text(of path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    @Test("Every name of a table, page or script names a file of the repository")
    func names() throws {
        let ends = Set(
            Self.cited.flatMap { path -> [String] in
                let parts = path.split(separator: "/")
                return parts.indices.map { parts[$0...].joined(separator: "/") }
            })
        #expect(Self.citing.count > 400)
        var count = 0
        for path in Self.citing {
            for match in try Self.text(of: path).matches(
                of: /[A-Za-z0-9_.\/*{},-]*[A-Za-z0-9_*-]\.(?:md|csv|txt|cu|py)\b/)
            {
                let name = String(match.output).drop { $0 == "." || $0 == "/" }
                guard !name.contains("*"), !name.contains("{"), !Self.foreign.contains(String(name)) else { continue }
                count += 1
                #expect(ends.contains(String(name)), "\(path) cites \(name)")
            }
        }
        #expect(count > 300)
    }

    @Test("Every section that is cited by its number has a heading")
    func sections() throws {
        var count = 0
        for path in Self.citing {
            let text = try Self.text(of: path)
            for match in text.matches(
                of:
                    /(hopper|l2-mechanism|time-mechanism|fused|hardware)\.md,? (?:section |item |finding )?(\d+(?:\.\d+)?)(?!\d)/
            ) {
                let (page, section) = (String(match.output.1), String(match.output.2))
                let body = try Self.text(of: "docs/research/\(page).md")
                let outer = section.split(separator: ".").first.map(String.init) ?? section
                // A heading "## 1.2", or "## 9" and a numbered point in it; findings and items are numbered points.
                let isThere =
                    body.contains("\n## \(section)")
                    || (body.contains("\n## \(outer)") && body.contains("\n\(section.split(separator: ".").last!). "))
                    || body.contains("\n\(section). ")
                count += 1
                #expect(isThere, "\(path) cites \(page).md \(section)")
            }
        }
        #expect(count > 40)
    }

    @Test("Every deviation that is cited by its number has a row, and every row has one number")
    func deviations() throws {
        let page = try Self.text(of: "docs/deviations.md")
        let rows = page.matches(of: /\n\| (\d+[a-z]?) \|/).map { String($0.output.1) }
        let ids = Set(rows)
        #expect(ids.count == rows.count)
        #expect(ids.count > 40)
        for match in page.matches(of: /\n\*\*(\d+[a-z]?)\.\*\*/) {
            #expect(ids.contains(String(match.output.1)), "details of deviation \(match.output.1) have no row")
        }
        var count = 0
        for path in Self.citing {
            for match in try Self.text(of: path).matches(of: /[Dd]eviations?(?:\.md\)?,?)?\s+\(?(\d+[a-z]?)\b/) {
                count += 1
                #expect(ids.contains(String(match.output.1)), "\(path) cites deviation \(match.output.1)")
            }
        }
        #expect(count > 3)
    }

    /// The anchors of a page's headings, as GitHub makes them.
    private static func anchors(of page: String) -> Set<String> {
        Set(
            page.split(separator: "\n").filter { $0.hasPrefix("#") }.map { heading in
                String(
                    heading.drop { $0 == "#" || $0 == " " }.lowercased().compactMap { character in
                        if character == " " { return "-" }
                        return character.isLetter || character.isNumber || character == "-" || character == "_"
                            ? character : nil
                    })
            })
    }

    @Test("Every link of a page leads to a file, and to a heading in it where it names one")
    func links() throws {
        var count = 0
        for path in Self.citing where path.hasSuffix(".md") {
            let folder = Self.root.appending(path: path).deletingLastPathComponent()
            for match in try Self.text(of: path).matches(of: /\]\(([^)#\s:]+)(?:#([^)]*))?\)/) {
                // "kernel[grid](...)" is code.
                if match.output.1 == "..." { continue }
                count += 1
                let file = folder.appending(path: String(match.output.1))
                guard FileManager.default.fileExists(atPath: file.path) else {
                    Issue.record("\(path) links to \(match.output.1)")
                    continue
                }
                if let anchor = match.output.2 {
                    let anchors = Self.anchors(of: try String(contentsOf: file, encoding: .utf8))
                    #expect(anchors.contains(String(anchor)), "\(path) links to \(match.output.1)#\(anchor)")
                }
            }
        }
        #expect(count > 100)
    }
}
