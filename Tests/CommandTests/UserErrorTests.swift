import Content
import Kernels
import Machine
import Simulator
import Testing
import Trace
import weir

@Suite("Errors that a user reads")
struct UserErrorTests {
    private struct Torn: UserError {
        var isUsage = false
        let description = "a file\nwith \u{1B}[2J in its name: it is torn\r\nmend it"
    }

    @Test("A message is one line without commands to a terminal, and the exit code says whose fault it is")
    func line() {
        #expect(Torn().message == "a file with \\u{1B}[2J in its name: it is torn mend it")
        #expect(ErrorReport.message(of: Torn()) == Torn().message)
        #expect(ErrorReport.exitCode(of: Torn()) == 1 && ErrorReport.exitCode(of: Torn(isUsage: true)) == 64)
    }

    @Test("What is no error of Weir's has no message, and counts as bad input")
    func other() {
        #expect(
            ErrorReport.message(of: CancellationError()) == nil && ErrorReport.exitCode(of: CancellationError()) == 1)
    }

    @Test("The same fault is usage on the command line and bad input in a file")
    func places() {
        let file = SettingPlace.file(path: "m.yaml", line: 3, column: 1)
        for (place, code) in [(SettingPlace.option("l2.x=1"), Int32(64)), (.sweep("l2.x 1"), 64), (file, 1)] {
            #expect(MachineError.unknownField(name: "l2.x", place: place, nearest: []).exitCode == code)
            #expect(
                MachineError.outOfRange(field: "l2.ways", text: "0", place: place, allowed: "1 to 64").exitCode == code)
        }
        #expect(MachineError.unknownMachine(name: "h300", place: nil, nearest: []).exitCode == 64)
        #expect(MachineError.unknownMachine(name: "h300", place: file, nearest: []).exitCode == 1)
        #expect(KernelError.unknownKernel(name: "x", known: []).exitCode == 64)
        #expect(SimulatorError.writeBackL1.exitCode == 1)
        #expect(TraceError.trailingBytes(TracePlace(file: "a.weir")).exitCode == 1)
    }
}
