import Kernels
import Testing

/// Layouts as the compiler wrote them for the sm_90 builds at 80 heads of 64, state 128, chunk 256, bf16.
/// *Source:* compiled/ops.csv.
@Suite struct BlockedLayoutTests {
    /// Elements a thread, lanes and warps, each as [first dimension, second dimension] of the tile.
    private func text(_ layout: BlockedLayout, rowsFirst: Bool) -> String {
        func pair(_ rows: Int, _ columns: Int) -> String {
            rowsFirst ? "[\(rows), \(columns)]" : "[\(columns), \(rows)]"
        }
        return "spt = \(pair(1, layout.elementsPerThread)), tpw = \(pair(layout.laneRows, layout.laneColumns)), "
            + "wpc = \(pair(layout.warpRows, layout.warpColumns))"
    }

    private func expect(
        _ first: Int, _ second: Int, bytes: Int, warps: Int, alignment: Int = 16, order: [Int], _ expected: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let rowsFirst = order == [1, 0]
        let layout = BlockedLayout.coalesced(
            rows: rowsFirst ? first : second, columns: rowsFirst ? second : first, alignment: alignment,
            elementBytes: bytes, warps: warps)
        #expect(text(layout, rowsFirst: rowsFirst) == expected, sourceLocation: sourceLocation)
    }

    @Test func `Tiles contiguous in their second dimension get the compiler's layouts`() {
        expect(64, 256, bytes: 2, warps: 8, order: [1, 0], "spt = [1, 8], tpw = [1, 32], wpc = [8, 1]")
        expect(32, 128, bytes: 2, warps: 4, order: [1, 0], "spt = [1, 8], tpw = [2, 16], wpc = [4, 1]")
        expect(32, 64, bytes: 2, warps: 4, order: [1, 0], "spt = [1, 8], tpw = [4, 8], wpc = [4, 1]")
        expect(32, 32, bytes: 2, warps: 2, order: [1, 0], "spt = [1, 8], tpw = [8, 4], wpc = [2, 1]")
        expect(128, 64, bytes: 2, warps: 8, order: [1, 0], "spt = [1, 8], tpw = [4, 8], wpc = [8, 1]")
        expect(128, 256, bytes: 4, warps: 8, order: [1, 0], "spt = [1, 4], tpw = [1, 32], wpc = [4, 2]")
        expect(64, 256, bytes: 4, warps: 4, order: [1, 0], "spt = [1, 4], tpw = [1, 32], wpc = [2, 2]")
        expect(128, 128, bytes: 4, warps: 4, order: [1, 0], "spt = [1, 4], tpw = [1, 32], wpc = [4, 1]")
        expect(64, 32, bytes: 4, warps: 2, order: [1, 0], "spt = [1, 4], tpw = [4, 8], wpc = [2, 1]")
        expect(128, 64, bytes: 4, warps: 8, order: [1, 0], "spt = [1, 4], tpw = [2, 16], wpc = [8, 1]")
        expect(1, 256, bytes: 4, warps: 4, order: [1, 0], "spt = [1, 2], tpw = [1, 32], wpc = [1, 4]")
        expect(2, 256, bytes: 4, warps: 4, order: [1, 0], "spt = [1, 4], tpw = [1, 32], wpc = [2, 2]")
    }

    @Test func `Tiles contiguous in their first dimension get the compiler's layouts`() {
        expect(128, 64, bytes: 2, warps: 8, order: [0, 1], "spt = [8, 1], tpw = [16, 2], wpc = [1, 8]")
        expect(64, 32, bytes: 2, warps: 4, order: [0, 1], "spt = [8, 1], tpw = [8, 4], wpc = [1, 4]")
        expect(32, 32, bytes: 2, warps: 2, order: [0, 1], "spt = [8, 1], tpw = [4, 8], wpc = [1, 2]")
        expect(64, 256, bytes: 2, warps: 8, order: [0, 1], "spt = [8, 1], tpw = [8, 4], wpc = [1, 8]")
        expect(32, 256, bytes: 2, warps: 4, order: [0, 1], "spt = [8, 1], tpw = [4, 8], wpc = [1, 4]")
        expect(128, 32, bytes: 2, warps: 2, order: [0, 1], "spt = [8, 1], tpw = [16, 2], wpc = [1, 2]")
        expect(1, 256, bytes: 2, warps: 4, order: [0, 1], "spt = [1, 1], tpw = [1, 32], wpc = [1, 4]")
        expect(4, 256, bytes: 2, warps: 4, order: [0, 1], "spt = [4, 1], tpw = [1, 32], wpc = [1, 4]")
        expect(16, 256, bytes: 2, warps: 4, order: [0, 1], "spt = [8, 1], tpw = [2, 16], wpc = [1, 4]")
        expect(64, 256, bytes: 2, warps: 4, order: [0, 1], "spt = [8, 1], tpw = [8, 4], wpc = [1, 4]")
    }

    @Test func `Arguments that sixteen does not divide leave one element a thread`() {
        expect(2, 256, bytes: 2, warps: 4, alignment: 1, order: [0, 1], "spt = [1, 1], tpw = [2, 16], wpc = [1, 4]")
        expect(16, 256, bytes: 2, warps: 4, alignment: 1, order: [0, 1], "spt = [1, 1], tpw = [16, 2], wpc = [1, 4]")
        expect(64, 32, bytes: 4, warps: 2, alignment: 1, order: [1, 0], "spt = [1, 1], tpw = [1, 32], wpc = [2, 1]")
        #expect(ArgumentAlignment.contiguousElements(address: 256, elementBytes: 2, strides: [2048 * 24, 24]) == 1)
        #expect(ArgumentAlignment.contiguousElements(address: 256, elementBytes: 2, strides: [2048 * 80, 80]) == 8)
        #expect(ArgumentAlignment.contiguousElements(address: 264, elementBytes: 2, strides: [80]) == 1)
    }

    @Test func `Vectors spread over all warps, wider ones by more elements a thread`() {
        for (length, elements) in [(64, 1), (128, 1), (256, 2), (512, 4), (2048, 4)] {
            let layout = BlockedLayout.coalesced(length: length, alignment: 16, elementBytes: 4, warps: 4)
            #expect([layout.elementsPerThread, layout.laneColumns, layout.warpColumns] == [elements, 32, 4])
        }
        let short = BlockedLayout.coalesced(length: 64, alignment: 16, elementBytes: 4, warps: 4)
        #expect(short.requests(elementBytes: 4, vector: 4).replicas == 2)
    }

    @Test func `Results of products spread over warps as the tensor-core instructions want`() {
        func warps(_ rows: Int, _ columns: Int, _ warps: Int) -> [Int] {
            let layout = AccumulatorLayout(rows: rows, columns: columns, warps: warps)
            return [layout.warpRows, layout.warpColumns]
        }
        #expect(warps(32, 64, 2) == [1, 2])
        #expect(warps(32, 64, 4) == [1, 4])
        #expect(warps(32, 32, 4) == [2, 2])
        #expect(warps(16, 64, 4) == [1, 4])
        #expect(warps(64, 128, 4) == [4, 1])
        #expect(warps(64, 128, 8) == [4, 2])
        #expect(warps(128, 256, 8) == [8, 1])
        let halves = AccumulatorLayout(rows: 64, columns: 128, warps: 8)
        #expect(halves.rowSliceRequests(elementBytes: 4).replicas == 2)
    }
}
