import Foundation

/// A JSON text as Foundation reads it: a check by another reader.
package func parsed(_ json: String) throws -> [String: Any] {
    try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any] ?? [:]
}
