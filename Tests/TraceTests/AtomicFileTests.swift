import Foundation
import Testing
import Trace

/// Outputs against a file system that fails, and the names that they go to.
@Suite struct AtomicFileTests {
    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = NSTemporaryDirectory() + "weir-tests-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }

    /// What a body ends with whose calls pass by a probe.
    private func error(under probe: SystemCallProbe, _ body: () throws -> Void) -> TraceError? {
        do {
            try SystemCallProbe.$current.withValue(probe, operation: body)
            return nil
        } catch {
            return error as? TraceError
        }
    }

    private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    private func names(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    }

    private func permissions(_ path: String) throws -> Int {
        try #require(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }

    @Test func `the bytes are synced before the name is given, and the name after it`() throws {
        try withFolder { (folder: String) throws in
            let probe = SystemCallProbe()
            try SystemCallProbe.$current.withValue(probe) { try AtomicFile.write("new", toPath: folder + "/a") }
            #expect(probe.calls == [.open, .write, .synchronize, .close, .rename, .synchronizeDirectory])
            let device = SystemCallProbe()
            try SystemCallProbe.$current.withValue(device) { try AtomicFile.write("new", toPath: "/dev/null") }
            #expect(device.calls == [.open, .write, .close])
        }
    }

    @Test func `a directory's files are synced, then itself, then the name`() throws {
        try withFolder { (folder: String) throws in
            let probe = SystemCallProbe()
            try SystemCallProbe.$current.withValue(probe) {
                let directory = try AtomicDirectory(path: folder + "/d")
                for name in ["a", "b"] {
                    let file = try directory.create(name)
                    try file.output.write([1], at: .unknown)
                    try file.close()
                }
                try directory.commit()
            }
            #expect(
                probe.calls.filter { $0 != .open && $0 != .write && $0 != .close }
                    == [.synchronize, .synchronize, .synchronizeDirectory, .rename, .synchronizeDirectory])
            #expect(try names(folder + "/d") == ["a", "b"])
        }
    }

    @Test(arguments: [
        (SystemCallProbe.Call.open, EMFILE, "open failed: Too many open files"),
        (.write, ENOSPC, "write failed: No space left on device"), (.write, EDQUOT, "write failed"),
        (.write, EIO, "write failed"),
        (.synchronize, EIO, "fsync failed: Input/output error"), (.synchronize, ENOSPC, "fsync failed"),
        (.close, EIO, "close failed"), (.rename, EACCES, "rename failed: Permission denied"),
    ])
    func `a call that fails is one line with the output's name; the old file stays and nothing lies beside it`(
        call: SystemCallProbe.Call, errorNumber: Int32, message: String
    ) throws {
        try withFolder { (folder: String) throws in
            for isThere in [true, false] {
                let path = folder + (isThere ? "/a" : "/b")
                if isThere { try Data("old".utf8).write(to: URL(fileURLWithPath: path)) }
                let probe = SystemCallProbe(fault: .init(call, errorNumber: errorNumber))
                let error = try #require(error(under: probe) { try AtomicFile.write("new", toPath: path) })
                #expect(error.description.hasPrefix("\(path): \(message)"), "\(error)")
                #expect(!error.description.contains("\n"))
                #expect(try names(folder) == ["a"])
                #expect(try text(folder + "/a") == "old")
            }
        }
    }

    @Test func `a disk that is full at any write loses nothing`() throws {
        try withFolder { (folder: String) throws in
            for number in 1...3 {
                let probe = SystemCallProbe(fault: .init(.write, number: number, errorNumber: ENOSPC, isLasting: true))
                let error = error(under: probe) {
                    let file = try AtomicFile(path: folder + "/a")
                    for _ in 0..<3 { try file.output().write([1, 2, 3], at: .unknown) }
                    try file.commit()
                }
                #expect(error != nil)
                let left = try names(folder)
                #expect(left.isEmpty)
            }
        }
    }

    @Test func `a directory that cannot be synced is an error, behind a file that is whole`() throws {
        try withFolder { (folder: String) throws in
            let path = folder + "/a"
            let failing = SystemCallProbe(fault: .init(.synchronizeDirectory, errorNumber: EIO))
            #expect(error(under: failing) { try AtomicFile.write("new", toPath: path) } != nil)
            #expect(try text(path) == "new")
            #expect(try names(folder) == ["a"])
            // A file system without such a call has nothing to wait for.
            let none = SystemCallProbe(fault: .init(.synchronizeDirectory, errorNumber: EINVAL))
            #expect(error(under: none) { try AtomicFile.write("newer", toPath: path) } == nil)
            #expect(try text(path) == "newer")
        }
    }

    @Test(arguments: [0o600, 0o640, 0o444, 0o755, 0o666])
    func `a file that is replaced keeps its permissions`(mode: Int) throws {
        try withFolder { (folder: String) throws in
            let path = folder + "/a"
            try Data("old".utf8).write(to: URL(fileURLWithPath: path))
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
            let file = try AtomicFile(path: path)
            let partial = try #require(try names(folder).first { $0.contains(".partial-") })
            #expect(try permissions(folder + "/" + partial) == mode)
            try file.commit()
            #expect(try permissions(path) == mode && text(path) == "")
        }
    }

    @Test func `a new file has the permissions that the process gives new files`() throws {
        try withFolder { (folder: String) throws in
            close(open(folder + "/other", O_CREAT | O_WRONLY, 0o666))
            try AtomicFile.write("new", toPath: folder + "/a")
            #expect(try permissions(folder + "/a") == permissions(folder + "/other"))
        }
    }

    @Test func `links are followed, to files that are there or not yet, and stay`() throws {
        try withFolder { (folder: String) throws in
            let manager = FileManager.default
            try manager.createDirectory(atPath: folder + "/sub", withIntermediateDirectories: true)
            try Data("old".utf8).write(to: URL(fileURLWithPath: folder + "/sub/there"))
            try manager.createSymbolicLink(atPath: folder + "/one", withDestinationPath: "sub/there")
            try manager.createSymbolicLink(atPath: folder + "/two", withDestinationPath: folder + "/one")
            try manager.createSymbolicLink(atPath: folder + "/fresh", withDestinationPath: "sub/fresh")
            try manager.createSymbolicLink(atPath: folder + "/loop", withDestinationPath: "loop")
            try AtomicFile.write("new", toPath: folder + "/two")
            try AtomicFile.write("fresh", toPath: folder + "/fresh")
            #expect(try text(folder + "/sub/there") == "new" && text(folder + "/sub/fresh") == "fresh")
            #expect(try manager.destinationOfSymbolicLink(atPath: folder + "/two") == folder + "/one")
            #expect(try manager.destinationOfSymbolicLink(atPath: folder + "/fresh") == "sub/fresh")
            #expect(throws: TraceError.self) { try AtomicFile(path: folder + "/loop") }
            #expect(try names(folder + "/sub") == ["fresh", "there"])
            try manager.createSymbolicLink(atPath: folder + "/place", withDestinationPath: "sub/new")
            try AtomicDirectory(path: folder + "/place/").commit()
            #expect(
                try names(folder + "/sub/new").isEmpty
                    && manager.destinationOfSymbolicLink(atPath: folder + "/place") == "sub/new")
        }
    }

    @Test func `an open file that a name stands for is written in place`() throws {
        try withFolder { (folder: String) throws in
            let descriptor = open(folder + "/a", O_CREAT | O_RDWR, 0o666)
            try AtomicFile.write("one ", toPath: "/dev/fd/\(descriptor)")
            try AtomicFile.write("two", toPath: "/proc/self/fd/\(descriptor)")
            close(descriptor)
            #expect(try text(folder + "/a") == "one two" && names(folder) == ["a"])
            #expect(throws: TraceError.self) { try AtomicFile(path: "/dev/fd/99999") }
        }
    }

    @Test func `names that are folders, too long, or in folders that are not there`() throws {
        try withFolder { (folder: String) throws in
            for path in [
                folder, folder + "/", folder + "/none/a", folder + "/a/", "",
                folder + "/" + String(repeating: "a", count: 256),
            ] {
                #expect(throws: TraceError.self) { try AtomicFile.write("new", toPath: path) }
            }
            #expect(try names(folder) == [])
            let longest = String(repeating: "é", count: 127)
            try AtomicFile.write("new", toPath: folder + "/" + longest)
            #expect(try names(folder).count == 1 && text(folder + "/" + longest) == "new")
        }
    }

    @Test func `an identity is the file's, however it is spelt, before and after it is there`() throws {
        try withFolder { (folder: String) throws in
            let manager = FileManager.default
            try manager.createDirectory(atPath: folder + "/sub", withIntermediateDirectories: true)
            try manager.createSymbolicLink(atPath: folder + "/link", withDestinationPath: "sub")
            try manager.createSymbolicLink(atPath: folder + "/later", withDestinationPath: "sub/a")
            let spellings = ["/sub/a", "/sub/../sub/a", "/link/a", "/later", "//sub/./a"].map { folder + $0 }
            for isThere in [false, true] {
                if isThere { try Data().write(to: URL(fileURLWithPath: folder + "/sub/a")) }
                let identities = Set(spellings.map { FileIdentity(path: $0) })
                #expect(identities.count == 1 && !identities.contains(nil))
                #expect(!identities.contains(FileIdentity(path: folder + "/a")))
                #expect(!identities.contains(FileIdentity(path: folder + "/sub/b")))
            }
            try manager.linkItem(atPath: folder + "/sub/a", toPath: folder + "/hard")
            #expect(FileIdentity(path: folder + "/hard") == FileIdentity(path: spellings[0]))
            #expect(FileIdentity(path: "/dev/null") == nil && FileIdentity(path: folder + "/none/a") == nil)
        }
    }
}
