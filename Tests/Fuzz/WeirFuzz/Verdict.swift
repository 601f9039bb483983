import Content
import Machine
import Studies
import Trace
import TraceFormats
import Validation

/// What a reader may end with.
enum Verdict {
    /// Name of the bytes under test; errors must give it.
    static let name = "input"

    /// Runs a reader; anything but success and a typed error of one line with its place ends the process.
    /// - Parameter names: one of them must stand in the error, where there are any.
    /// - Returns: nil after an error.
    @discardableResult
    static func of<Result>(naming names: [String] = [name], _ body: () throws -> Result) -> Result? {
        do {
            return try body()
        } catch let error as TraceError {
            check(error.description, names)
        } catch let error as TraceFormatError {
            check(error.description, names)
        } catch let error as MachineError {
            check(error.description, names)
        } catch let error as SweepError {
            check(error.description.asMessage, names)
        } catch let error as ReferenceError {
            check(error.description, names)
        } catch let error as GoldenError {
            check(error.description, names)
        } catch {
            fatalError("an error of no room: \(error)")
        }
        return nil
    }

    private static func check(_ message: String, _ names: [String]) {
        precondition(!message.contains(where: \.isNewline), "an error of several lines: \(message)")
        precondition(names.isEmpty || names.contains { message.contains($0) }, "an error without its place: \(message)")
        precondition(message.utf8.count < 8192, "an error without end: \(message.prefix(200))")
    }
}
