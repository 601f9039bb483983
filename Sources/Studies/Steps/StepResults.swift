import Content
import Foundation
import Operators
import Runs

/// Reads results of training steps that `weir run --format json` has written.
package enum StepResults {
    private static let wanted = "a step's result in JSON"

    /// The steps of files, in their order. Where two have one name, the names of their files stand behind it.
    /// - Throws: `StepResultError` with the file.
    package static func read(_ paths: [String]) throws(StepResultError) -> [StepProfile] {
        var steps: [StepProfile] = []
        for path in paths { steps.append(try read(path)) }
        let names = steps.map(\.label)
        for (index, path) in paths.enumerated() where names.count(where: { $0 == names[index] }) > 1 {
            steps[index].label += " (\(URL(filePath: path).deletingPathExtension().lastPathComponent))"
        }
        for (index, step) in steps.enumerated() {
            guard let other = steps[..<index].firstIndex(where: { $0.label == step.label }) else { continue }
            throw StepResultError(
                file: paths[index], cause: "\(paths[other]) has the same step and the same name",
                cure: "leave one of them out, or rename it")
        }
        return steps
    }

    private static func read(_ path: String) throws(StepResultError) -> StepProfile {
        let text: String
        do {
            text = try PlainText.read(path: path, wanted: wanted)
        } catch {
            throw StepResultError(file: path, cause: error.cause, cure: error.cure)
        }
        do {
            return try profile(of: SweepJSON(text.utf8))
        } catch {
            let cause = (error as? SweepJSON.Problem).map { "this is no JSON: \($0.reason)" }
            throw StepResultError(
                file: path, cause: cause ?? (error as? Defect)?.cause ?? "\(error)",
                cure: "make it with weir run model:NAME --format json --output FILE")
        }
    }

    /// A member that every result of a step has and this one lacks, or has with a value that none has.
    private struct Defect: Error {
        let cause: String

        static func missing(_ name: String) -> Defect {
            Defect(cause: "the result has no '\(name)', which those of models and lists of operators have")
        }

        static func value(_ name: String) -> Defect { Defect(cause: "'\(name)' has a value that no step has") }
    }

    private static func profile(of json: SweepJSON) throws -> StepProfile {
        func member(_ json: SweepJSON?, _ name: String, of parent: String = "") throws -> SweepJSON {
            guard let value = json?[name] else { throw Defect.missing(parent + name) }
            return value
        }
        func number(_ json: SweepJSON, _ name: String, of parent: String) throws -> Double {
            guard let value = try member(json, name, of: parent).asNumber else { throw Defect.missing(parent + name) }
            guard value >= 0 else { throw Defect.value(parent + name) }
            return value
        }
        func roof(_ name: String) throws -> Double {
            let value = try number(try member(json, "totals"), name, of: "totals.")
            guard value > 0 else { throw Defect.value("totals." + name) }
            return value
        }
        func text(_ json: SweepJSON?, _ name: String, of parent: String = "") throws -> String {
            guard let value = try member(json, name, of: parent).asText else { throw Defect.missing(parent + name) }
            return value
        }
        func sums(_ json: SweepJSON, of parent: String) throws -> StepSums {
            StepSums(
                launches: Int(exactly: try number(json, "launches", of: parent)) ?? 0,
                nanoseconds: try number(json, "duration_ns", of: parent),
                hbmReadBytes: try number(json, "hbm_read_bytes", of: parent),
                hbmWriteBytes: try number(json, "hbm_write_bytes", of: parent),
                operations: try number(json, "flop", of: parent))
        }
        let name = try text(json, "step")
        guard case .array(let rows) = try member(json, "breakdown") else { throw Defect.missing("breakdown") }
        var found: [OperatorCategory: StepSums] = [:]
        for row in rows {
            guard let category = OperatorCategory(rawValue: try text(row, "category", of: "breakdown.")) else {
                throw Defect.value("breakdown.category")
            }
            found[category] = try sums(row, of: "breakdown.")
        }
        let totals = try member(json, "totals")
        // Where products cost nothing the roof is infinite, which JSON does not know.
        let hasTensorRoof = try member(totals, "roof_tensor_flop_per_second", of: "totals.") != .null
        return StepProfile(
            name: name, machine: try text(try member(json, "machine"), "name", of: "machine."),
            categories: OperatorCategory.allCases.map { ($0, found[$0] ?? StepSums()) },
            total: try sums(totals, of: "totals."),
            roofs: StepRoofs(
                tensorOperationsPerSecond: hasTensorRoof ? try roof("roof_tensor_flop_per_second") : .infinity,
                fp32OperationsPerSecond: try roof("roof_fp32_flop_per_second"),
                hbmBytesPerSecond: try roof("roof_hbm_bytes_per_second")))
    }
}
