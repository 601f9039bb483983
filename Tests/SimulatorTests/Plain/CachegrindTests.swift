import Foundation
import Machine
import Simulator
import Testing
import Trace

@Suite("Against cachegrind")
struct CachegrindTests {
    /// A matrix product, a list in scattered order, words that straddle lines, bytes; it ends with status 0.
    private static let program = """
        #include <stdint.h>
        #include <string.h>
        static double a[20][20], b[20][20], c[20][20];
        static struct node { struct node *next; uint64_t value; char rest[112]; } nodes[512];
        static unsigned char bytes[20000];
        int main(void) {
            uint32_t state = 1;
            for (int i = 0; i < 20; i++)
                for (int j = 0; j < 20; j++) a[i][j] = i + j, b[i][j] = i - j;
            for (int i = 0; i < 20; i++)
                for (int j = 0; j < 20; j++)
                    for (int k = 0; k < 20; k++) c[i][j] += a[i][k] * b[k][j];
            for (int i = 0; i < 512; i++) nodes[i].next = &nodes[(i * 173 + 1) % 512];
            struct node *place = nodes;
            for (int i = 0; i < 1500; i++) place->value += i, place = place->next;
            for (int i = 0; i < 2000; i++) {
                uint64_t word;
                state = state * 1664525u + 1013904223u;
                unsigned char *at = bytes + state % (sizeof bytes - 8);
                memcpy(&word, at, 8);
                word += state;
                memcpy(at, &word, 8);
            }
            for (int i = 0; i < 3000; i++) bytes[i * 3 % 20000] ^= (unsigned char)i;
            return c[3][4] + nodes[7].value + bytes[99] < 0;
        }
        """

    /// Capacity, ways and line of three caches.
    struct Geometry: Sendable, CustomStringConvertible {
        let i1, d1, ll: [Int]

        var description: String { "I1 \(i1), D1 \(d1), LL \(ll)" }
    }

    private static let geometries = [
        // The preset's first levels before a last level that misses much.
        Geometry(i1: [32768, 8, 64], d1: [32768, 8, 64], ll: [65536, 16, 64]),
        // Direct-mapped throughout.
        Geometry(i1: [1024, 1, 64], d1: [2048, 1, 64], ll: [8192, 1, 64]),
        // Lines of three lengths, the longest last.
        Geometry(i1: [2048, 2, 64], d1: [1024, 2, 32], ll: [32768, 4, 128]),
        // Fully associative caches, and a last level with the shortest lines.
        Geometry(i1: [4096, 64, 64], d1: [4096, 32, 128], ll: [16384, 256, 64]),
    ]

    private func level(_ numbers: [Int]) -> String { numbers.map(String.init).joined(separator: ",") }
    private func geometry(_ numbers: [Int]) -> CacheGeometry {
        CacheGeometry(capacityBytes: numbers[0], lineBytes: numbers[2], ways: numbers[1])
    }

    @Test(
        "References and misses of lackey's trace equal cachegrind's, all nine (where valgrind and a C compiler are installed)",
        .enabled(if: Valgrind.isInstalled, Valgrind.skipMessage))
    func equalCounts() throws {
        let folder = NSTemporaryDirectory() + "weir-valgrind-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let program = try Valgrind.compile(Self.program, in: folder)
        let trace = try Valgrind.trace(of: program, in: folder)
        for caches in Self.geometries {
            let expected = try Valgrind.counts(
                of: program, i1: level(caches.i1), d1: level(caches.d1), ll: level(caches.ll), in: folder)
            var settings = PlainPreset.oneCore.settings
            (settings.i1, settings.d1, settings.ll) = (geometry(caches.i1), geometry(caches.d1), geometry(caches.ll))
            let counters = try counters(ofTrace: trace, on: settings)
            let own = Valgrind.Counts(
                instructions: counters.i1.fetches, i1Misses: counters.i1.fetchMisses,
                llInstructionMisses: counters.ll.fetchMisses, reads: counters.d1.reads,
                d1ReadMisses: counters.d1.readMisses,
                llReadMisses: counters.ll.readMisses, writes: counters.d1.writes,
                d1WriteMisses: counters.d1.writeMisses,
                llWriteMisses: counters.ll.writeMisses)
            #expect(own == expected, "\(caches)")
            #expect(counters.modifies > 1000)
            #expect(expected.reads > 10_000 && expected.d1ReadMisses > 500 && expected.llReadMisses > 100, "\(caches)")
        }
    }
}
