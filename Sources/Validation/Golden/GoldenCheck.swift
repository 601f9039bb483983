import Content
import Foundation
import Kernels
import Trace

/// Compares golden digests of the real kernels' memory operations with the generators, operation by operation.
package enum GoldenCheck {
    /// The number of differences that a report keeps in words. The rest is only counted.
    package static let reportedDifferences = 20

    /// Kernels whose digests can be compared.
    package static let kernels = SSDKernels.kernels + [SSDFused.kernel] + rowKernels

    /// Reads `path` (a `.csv.gz` digest) and compares it.
    ///
    /// - Throws: `GoldenError` for files that cannot be read or understood, and for kernels without a generator.
    package static func check(path: String) throws(GoldenError) -> GoldenReport {
        let compressed: Data
        do {
            compressed = try ReferenceTable.contents(ofFile: path, most: GzipReader.largestPlainBytes)
        } catch {
            throw .unreadable(file: path, reason: "\(error.cause); \(error.cure)")
        }
        return try check(compressed: Array(compressed), file: path)
    }

    /// Compares a digest held in memory; `file` names it in messages.
    package static func check(compressed: [UInt8], file: String) throws(GoldenError) -> GoldenReport {
        let plain: [UInt8]
        do {
            plain = try GzipReader.inflate(compressed)
        } catch {
            throw .damagedCompression(file: file, reason: error.reason)
        }
        return try check(plain: plain, file: file)
    }

    /// Compares a digest's plain text.
    /// - Parameter countedOperations: the greatest number of missing operations that are counted. If a digest lacks
    ///   more, its totals say nothing.
    package static func check(
        plain: [UInt8], file: String, countedOperations: Int = 1_000_000
    ) throws(GoldenError) -> GoldenReport {
        let newline = UInt8(ascii: "\n")
        let headerEnd = plain.firstIndex(of: newline) ?? plain.endIndex
        let header = try readHeader(plain[..<headerEnd], file: file)
        let source = try makeSource(header, file: file)
        var comparison = GoldenComparison(header: header, source: source)
        comparison.compareLaunch()
        var line = 1
        var start = min(headerEnd + 1, plain.endIndex)
        while start < plain.endIndex {
            line += 1
            let end = plain[start...].firstIndex(of: newline) ?? plain.endIndex
            do {
                try comparison.compare(GoldenRow(parsing: plain[start..<end]), line: line)
            } catch {
                throw .malformedRow(file: file, line: line, reason: error.reason)
            }
            start = end + 1
        }
        comparison.finish(counting: countedOperations)
        return GoldenReport(
            file: file, kernel: header.kernel, rowCount: comparison.rowCount,
            differenceCount: comparison.differenceCount, differences: comparison.differences)
    }

    private static func readHeader(_ line: ArraySlice<UInt8>, file: String) throws(GoldenError) -> GoldenHeader {
        guard line.first == UInt8(ascii: "#") else {
            throw .malformedHeader(file: file, reason: "it does not begin with #")
        }
        let decoder = JSONDecoder()
        // Time-step limits are written as Infinity, which JSON5 allows.
        decoder.allowsJSON5 = true
        // Foundation's decoder ends the process on JSON5 that is not UTF-8.
        guard let text = String(validating: line.dropFirst(), as: UTF8.self) else {
            throw .malformedHeader(file: file, reason: "it is not UTF-8")
        }
        let json = Data(text.utf8)
        do {
            let name = try decoder.decode(GoldenHeader.Name.self, from: json)
            guard kernels.contains(name.kernel.lowercased()) else {
                throw GoldenError.unsupportedKernel(file: file, kernel: name.kernel, known: kernels)
            }
            return try decoder.decode(GoldenHeader.self, from: json)
        } catch let error as GoldenError {
            throw error
        } catch let error as DecodingError {
            throw .malformedHeader(file: file, reason: words(for: error))
        } catch {
            throw .malformedHeader(file: file, reason: "\(error)")
        }
    }

    private static func words(for error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, _): "\"\(key.stringValue)\" is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            "\"\(context.codingPath.map(\.stringValue).joined(separator: "."))\" has a value of another type"
        // For a number that no field can hold, the decoder gives no further detail.
        case .dataCorrupted: "it is no JSON object, or a number in it is no whole number below 2^63"
        @unknown default: "it cannot be read"
        }
    }

    private static func makeSource(_ header: GoldenHeader, file: String) throws(GoldenError) -> any KernelGenerator {
        do {
            try header.validate()
        } catch {
            throw .malformedHeader(file: file, reason: error.reason)
        }
        if rowKernels.contains(header.kernel) { return try makeRowSource(header, file: file) }
        if header.kernelName == SSDFused.kernel {
            do {
                return try header.makeFused()
            } catch let misfit as GoldenHeader.Misfit {
                throw .unusableLaunch(file: file, reason: misfit.reason)
            } catch {
                throw .unusableLaunch(file: file, reason: "\(error)")
            }
        }
        let shape: SSDShape
        do {
            shape = try header.shape()
        } catch {
            throw .unusableLaunch(file: file, reason: error.reason)
        }
        do {
            try shape.validate()
            let pass: SSDPass = header.params.phase == "bwd" ? .backward : .forward
            return try SSDKernels.makeSource(
                kernel: header.kernelName, tiling: try header.tiling(),
                allocation: SSDAllocation(shape: shape, pass: pass),
                factor: header.factor, isCausalProduct: header.params.causal ?? false)
        } catch {
            throw .unusableLaunch(file: file, reason: error.description)
        }
    }
}
