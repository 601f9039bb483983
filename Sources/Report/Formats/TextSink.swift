/// Takes the pieces of a text in their order.
package typealias TextSink = (String) throws -> Void

extension String {
    /// The text that `body` writes to a sink that accepts everything.
    init(writing body: (@escaping TextSink) throws -> Void) {
        let buffer = TextBuffer()
        do {
            try body(buffer.append)
        } catch {
            preconditionFailure("writing to memory failed: \(error)")
        }
        self = buffer.text
    }
}

private final class TextBuffer {
    private(set) var text = ""
    func append(_ piece: String) { text += piece }
}
