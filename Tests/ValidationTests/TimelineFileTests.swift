import Content
import Kernels
import Testing
import Validation

@Suite("Files of measured time lines")
struct TimelineFileTests {
    @Test("Without a reference the shape's name gives the model's sizes and the default tiling")
    func models() throws {
        let shape = try #require(TimelineLaunch.shape(named: "m130m_b8_s2048_c256"))
        #expect(shape.batch == 8 && shape.sequenceLength == 2048 && shape.chunkSize == 256 && shape.heads == 24)
        #expect(TimelineLaunch.shape(named: "m2.7b_s2048_c256")?.heads == 80)
        #expect(TimelineLaunch.shape(named: "m8b_s4096")?.chunkSize == 128)
        for name in ["m9b_s2048", "m8b_x1_s2048", "m8b", "", "m8b_s0"] {
            #expect(TimelineLaunch.shape(named: name) == nil)
        }
        #expect(TimelineLaunch.shortName(of: "state_passing_fwd") == "state_pass_fwd")
        #expect(TimelineLaunch.shortName(of: "bmm_chunk_fwd") == "bmm_ch_fwd")
    }

    @Test("Files name functions without their first and last word")
    func functions() {
        for kernel in SSDKernels.kernels {
            for function in Registry.kernel(shortName: kernel)?.functions ?? [] {
                let name = function.dropFirst().dropLast("_kernel".count)
                #expect(TimelineLaunch.shortName(of: String(name)) == kernel)
            }
            #expect(TimelineLaunch.shortName(of: kernel) == kernel)
        }
        #expect(TimelineLaunch.shortName(of: "chunk_state_varlen") == "chunk_state_varlen")
    }

    @Test("Damaged files and other names are refused with the place")
    func damage() throws {
        func reason(_ text: String, file: String = "a.00.k.csv.gz") throws -> ReferenceError {
            try #require(throws: ReferenceError.self) { try MeasuredTimeline(plain: Array(text.utf8), file: file) }
        }
        let head = "# shape=a\n\(MeasuredTimeline.columns)\n"
        #expect(try reason("block\n").line == 1)
        #expect(try reason("# a\nblock,sm\n").line == 2)
        #expect(try reason(head).line == 3)
        #expect(try reason(head + "0,0,0,5,9\n1,0,7,5,9\n").line == 4)
        #expect(try reason(head + "0,0,0,5\n").line == 3)
        #expect(try reason(head + "0,0,0,5,x\n").line == 3)
        #expect(try reason(head + "0,0,0,5,9\n", file: "chunk_scan_fwd.csv.gz").cause.contains("name"))
        #expect(throws: ReferenceError.self) { try MeasuredTimeline(compressed: [1, 2, 3], file: "a.00.k.csv.gz") }
        #expect(throws: ReferenceError.self) { try MeasuredTimeline(path: "missing/a.00.k.csv.gz") }
    }
}
