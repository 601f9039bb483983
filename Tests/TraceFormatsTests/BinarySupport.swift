import Trace
import TraceFormats

/// A number as `count` bytes, least first.
func little(_ value: UInt64, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
}

/// An instruction of ChampSim's, as its documents lay it out: 64 bytes, or 96 in CloudSuite's layout.
func champSim(
    _ address: UInt64, loads: [UInt64] = [], stores: [UInt64] = [], branch: UInt8 = 0, cloudSuite: Bool = false
) -> [UInt8] {
    let writes = cloudSuite ? 4 : 2
    var bytes = little(address, 8) + [branch, branch]
    bytes += [UInt8](repeating: 6, count: writes) + [25, 26, 0, 0]
    if cloudSuite { bytes += [UInt8](repeating: 0, count: 6) }
    for place in 0..<writes { bytes += little(place < stores.count ? stores[place] : 0, 8) }
    for place in 0..<4 { bytes += little(place < loads.count ? loads[place] : 0, 8) }
    if cloudSuite { bytes += [1, 0] + [UInt8](repeating: 0, count: 6) }
    return bytes
}

/// A record of drmemtrace's: 12 bytes, or 8 in the trace of a 32-bit program.
func memoryRecord(_ type: UInt64, _ size: UInt64, _ value: UInt64, narrow: Bool = false) -> [UInt8] {
    little(type, 2) + little(size, 2) + little(value, narrow ? 4 : 8)
}

/// A whole trace of drmemtrace's: a header, thread and process, the records, their ends.
func memoryTrace(_ records: [(type: UInt64, size: UInt64, value: UInt64)], version: UInt64 = 7, narrow: Bool = false)
    -> [UInt8]
{
    let before: [(UInt64, UInt64, UInt64)] = [(25, 0, version), (28, 12, version), (22, 0, 7), (24, 0, 7)]
    let behind: [(UInt64, UInt64, UInt64)] = [(23, 0, 7), (26, 0, 0)]
    return (before + records.map { ($0.type, $0.size, $0.value) } + behind)
        .flatMap { memoryRecord($0.0, $0.1, $0.2, narrow: narrow) }
}

/// Bytes written as hexadecimal digits.
func bytes(_ digits: String) -> [UInt8] {
    let values = digits.filter { !$0.isWhitespace }.compactMap(\.hexDigitValue)
    return stride(from: 0, to: values.count - 1, by: 2).map { UInt8(values[$0] << 4 | values[$0 + 1]) }
}

/// The message of the error that importing bytes gives; nil where it succeeds.
func failure(of bytes: [UInt8], as format: ImportFormat, options: ImportOptions = ImportOptions()) -> String? {
    do {
        _ = try imported(bytes, as: format, options: options)
        return nil
    } catch let error as TraceFormatError {
        return error.description
    } catch {
        return "other error: \(error)"
    }
}

/// What an account has, such as `3 with stores`.
func texts(_ tallies: [ImportSummary.Tally]) -> [String] { tallies.map { "\($0.count) \($0.what)" } }
