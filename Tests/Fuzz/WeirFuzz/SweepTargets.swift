import Content
import Foundation
import Machine
import Studies

/// What sweeps read.
enum SweepTargets {
    /// A list of points that is read must make a plan that has each point once, and be the same when it is written
    /// again.
    static func points(_ bytes: [UInt8]) {
        let fields = AnyField.gpu
        guard let points = Verdict.of({ try SweepPointList.read(bytes, name: Verdict.name, fields: fields) }) else {
            return
        }
        Verdict.of(naming: []) {
            let plan = try SweepPlan(axes: [], listed: points)
            precondition(plan.count == points.count, "a plan has other points than its list")
            precondition(Set(points.map(\.text)).count == points.count, "a point stands twice")
        }
    }

    /// Each line is judged by itself; then the bytes lie in a file to which a line is appended, and which is read for a
    /// chart. No line may get lost.
    static func file(_ bytes: [UInt8]) {
        let path = FileManager.default.temporaryDirectory.path + "/weir-fuzz-\(getpid()).jsonl"
        for input in [bytes, sealed(bytes)] {
            guard FileManager.default.createFile(atPath: path, contents: Data(input)) else {
                fatalError("no file for the fuzzer")
            }
            let key = String(repeating: "a", count: 32)
            Verdict.of(naming: [path]) {
                let file = try SweepFile(path: path)
                for note in file.takeNotes() { precondition(note.contains(path), "a note without its file: \(note)") }
                try file.append(
                    "{\"key\":\"\(key)\",\"status\":\"ok\",\"error\":null,\"format\":\"\(SweepFormat.name)\",\"weir\":\"\(Version.current)\"}"
                )
                try file.verify()
                precondition(file.status(ofKey: key) == .ok, "a line that was appended is not there")
                let status = try SweepFile(path: path).status(ofKey: key)
                precondition(status == .ok, "a line that was appended is not read again")
            }
            // What cannot be drawn names columns and axes, not always the file.
            Verdict.of(naming: []) {
                _ = try SweepTable(try SweepResults(files: [path], metric: SweepTable.defaultMetric))
            }
        }
        unlink(path)
    }

    /// The lines with right checksums, without which a fuzzer would not come past them.
    private static func sealed(_ bytes: [UInt8]) -> [UInt8] {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        return Array(
            lines.map { $0.isEmpty ? [] : SweepChecksum.sealed(String(decoding: $0, as: UTF8.self)) }.joined(
                separator: [10]))
    }
}
