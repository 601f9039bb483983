import Content
import Foundation
import Machine
import Studies
import TestSupport

/// The lines of a file of results.
package func sweepLines(_ path: String) throws -> [String] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
}

/// What a sweep wrote: an object a line.
package func sweepObjects(_ path: String) throws -> [[String: Any]] { try sweepLines(path).map(parsed) }

/// The values of `--vary TEXT` on an H200.
package func varied(_ text: String) throws -> [SweepValue] { try axis(text).values }

package func axis(_ text: String, machine: String = "h200") throws -> SweepAxis {
    let machine = try AnyMachine(named: machine)
    return try SweepAxis(text, fields: machine.fields, machine: machine)
}

/// A line of results with these members behind key and status, as a sweep of this version writes it, checksum and all.
package func sealedLine(
    key: String, status: SweepFile.Status = .ok, version: String = Version.current, _ members: String = ""
)
    -> String
{
    String(decoding: SweepChecksum.sealed(openLine(key: key, status: status, version: version, members)), as: UTF8.self)
}

/// The same without its checksum, which `SweepFile` adds.
package func openLine(
    key: String, status: SweepFile.Status = .ok, version: String = Version.current, _ members: String = ""
)
    -> String
{
    #"{"key":"\#(key)","status":"\#(status.rawValue)","error":null,"format":"\#(SweepFormat.name)","weir":"\#(version)""#
        + (members.isEmpty ? "" : ",") + members + "}"
}

/// Thirty-two digits that differ for each number.
package func sweepKey(_ number: Int) -> String {
    var hash = SweepHash()
    hash.add("number", String(number))
    return hash.text
}
