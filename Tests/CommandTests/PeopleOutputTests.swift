import ArgumentParser
import Content
import Foundation
import Machine
import Report
import RunSupport
import Runs
import TestSupport
import Testing
import Trace
import Workloads
import weir

@Suite("Output for people")
struct PeopleOutputTests {
    private func lines(_ text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    @Test("Launches that repeat are one row with their count and sums, in text alone")
    func folded() throws {
        let small = try smallRun()
        let twice = RunResult(
            machine: small.machine, cacheMode: .cold, launches: small.launches + small.launches)
        let text = lines(RunText().render(twice))
        let first = small.launches[0]
        let row = try #require(text.first { $0.hasPrefix(first.launch.kernel + " x2") })
        #expect(row.contains(Quantity.nanoseconds(2 * first.durationNanoseconds)))
        #expect(row.hasSuffix(BoundKind(of: first).words))
        #expect(text.count { $0.hasPrefix(first.launch.kernel) } == 1)
        #expect(RunCSV().render(twice).split(separator: "\n").count == 1 + 10)
        #expect(RunJSON().render(twice).components(separatedBy: "\"order\"").count == 1 + 10)
    }

    @Test("The L2's rate is the bytes of its lookups in percent of slices x bytes a cycle x clock")
    func rate() throws {
        let run = try smallRun()
        let text = lines(RunText(tables: .wide).render(run))
        for result in run.launches {
            let cycles = result.durationNanoseconds * 1e-9 * result.meanClockHertz
            let limit = Double(run.machine.l2.slices) * run.machine.l2.sliceBytesPerCycle * cycles
            let percent = Quantity.percent(100 * 32 * Double(result.counters.l2Sectors) / limit)
            let row = try #require(text.first { $0.hasPrefix(result.launch.kernel + " ") })
            #expect(row.contains("  " + percent + "  "))
        }
    }

    @Test("Tables fit: names lose their middle, then columns go below", arguments: [8, 24, 60, 300])
    func fits(length: Int) throws {
        let name = String(repeating: "k", count: length - 4) + "_end"
        for columns in [1, 6, 12, 40] {
            var table = TextTable(
                columns: [("kernel", .left)] + (0..<columns).map { ("the heading \($0)", .right) })
            table.append([name] + (0..<columns).map { "\($0 * 1_000_000)" })
            let text = lines(table.text)
            #expect(text.allSatisfy { $0.count <= 100 && !$0.hasSuffix(" ") })
            #expect(text.contains { $0.hasPrefix("k") && $0.contains(length <= 16 ? name : "_end") })
            for column in 1..<columns { #expect(text.contains { $0.contains(" \(column * 1_000_000)") }) }
        }
    }

    @Test("Lines longer than the width are broken at spaces and lose no word")
    func wraps() {
        let text = "  " + Array(repeating: "seven77", count: 40).joined(separator: " ") + "\nshort\n"
        let wrapped = text.wrappedLines()
        #expect(lines(wrapped).allSatisfy { $0.count <= 100 })
        #expect(wrapped.split { $0 == " " || $0 == "\n" }.count == 41)
        #expect(lines(wrapped)[1].hasPrefix("    seven77") && wrapped.hasSuffix("\nshort\n"))
        #expect("short\n".wrappedLines() == "short\n")
    }

    @Test("Headings alone are bold, and only on a terminal without NO_COLOR")
    func bold() {
        var table = TextTable(columns: [("kernel", .left), ("time", .right)])
        table.append(["a", "1 us"])
        table.appendRule()
        table.append(["total", "1 us"])
        let text = "Machine\n\n" + table.text
        #expect(
            text.withBoldHeadings
                == text.replacingOccurrences(of: "kernel  time", with: "\u{1B}[1mkernel  time\u{1B}[0m"))
        #expect(PeopleText.isStyled(terminal: true, environment: ["TERM": "xterm"]))
        #expect(PeopleText.isStyled(terminal: true, environment: ["NO_COLOR": ""]))
        #expect(!PeopleText.isStyled(terminal: false, environment: [:]))
        #expect(!PeopleText.isStyled(terminal: true, environment: ["NO_COLOR": "1"]))
        #expect(!PeopleText.isStyled(terminal: true, environment: ["TERM": "dumb"]))
    }

    @Test("Every heading and every cause is explained, in weir help columns and in docs/results.md")
    func guide() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = try String(contentsOf: root.appending(path: "docs/results.md"), encoding: .utf8)
        guard case .text(let text) = try #require(HelpTopic.answer(to: ["help", "columns"])) else {
            Issue.record("weir help columns has no text")
            return
        }
        for column in ColumnGuide.sections.flatMap(\.columns) {
            let row = "| \(column.heading) | \(column.meaning) | \(column.nsight.map { "`\($0)`" } ?? "") |\n"
            #expect(page.contains(row), "docs/results.md lacks: \(row)")
            #expect(lines(text).contains { $0.hasPrefix("  " + column.heading + "  ") }, "\(column.heading)")
        }
        for kind in BoundKind.allCases {
            let row = "| \(kind.words) | \(kind.meaning) | \(kind.remedy) | \(kind.rawValue) |\n"
            #expect(page.contains(row), "docs/results.md lacks: \(row)")
            #expect(lines(text).contains { $0.hasPrefix("  " + kind.words + "  ") }, "\(kind.words)")
        }
        let known = Set(ColumnGuide.sections.flatMap(\.columns).map(\.heading))
        #expect(ColumnGuide.headings.count > 40 && ColumnGuide.headings.allSatisfy(known.contains))
        #expect(lines(text).allSatisfy { $0.count <= 100 })
    }

    @Test("Every cause has a word of its own of at most 14 characters")
    func words() {
        #expect(Set(BoundKind.allCases.map(\.words)).count == BoundKind.allCases.count)
        #expect(BoundKind.allCases.allSatisfy { $0.words.count <= 14 })
    }

    @Test("weir help names a command or topic that was meant, and leaves commands to the parser")
    func help() {
        #expect(
            HelpTopic.answer(to: ["help", "rn"])
                == .unknown("there is no help on 'rn'; nearest is run; weir --help lists the commands"))
        #expect(HelpTopic.answer(to: ["help", "run"]) == nil)
        #expect(HelpTopic.answer(to: ["run", "columns"]) == nil)
    }

    @Test("Every subcommand's help has an example of it")
    func examples() throws {
        for command in Weir.configuration.subcommands {
            let name = try #require(command.configuration.commandName)
            let text = command.configuration.discussion
            #expect(text.split(separator: "\n").contains { $0.contains("  weir \(name)") }, "\(name)")
        }
    }

    @Test("weir run without a kernel is the main job; tables of text are refused elsewhere")
    func mainJob() throws {
        #expect(throws: Never.self) { try Weir.parseAsRoot(["run"]) }
        #expect(throws: (any Error).self) { try Weir.parseAsRoot(["run", "--wide", "--format", "json"]) }
        #expect(throws: (any Error).self) { try Weir.parseAsRoot(["generate"]) }
    }

    /// Commands whose default text must fit. Kernels are tiny.
    static let commands =
        [
            "run ssd-training", "run ssd-training --time --lifetimes --totals",
            "fuse bmm_ch_fwd ch_scan_fwd --variant recompute",
            "tune bmm_ch_fwd --state-dim 64", "curve ch_state_fwd",
        ].map { $0 + " --sequence-length 256 --heads 2 --groups 1" } + [
            "run model:graph-mamba --nodes 512 --degree 2 --layers 1",
            "run model:graph-mamba --nodes 512 --degree 2 --layers 1 --by launch --time", "kernels", "machines",
            "inspect Traces/scan-packed.weir", "replay Traces/scan-packed.weir",
            "replay Traces/scan-packed.weir --machine one-core", "help columns", "run --help", "",
        ]

    @Test(
        "No line of a command's default text exceeds 100 characters", .enabled(if: builtCommand != nil),
        arguments: commands)
    func width(command: String) throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let words = command.split(separator: " ").map { word in
            word.hasPrefix("Traces/") ? root.appending(path: String(word)).path : String(word)
        }
        let (code, text) = try shellWeir(words)
        #expect(code == 0)
        #expect(text.contains("\n") && !text.contains("\u{1B}"))
        for line in lines(text) { #expect(line.count <= 100, "\(line)") }
    }
}
