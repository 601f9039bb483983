import Trace

/// A tensor argument as one kernel reads or writes it. It holds everything that all its tile accesses have in common.
package struct Operand: Equatable, Sendable {
    /// The access with an empty region. `tile(_:)` fills in its place and extent.
    private var template: TileAccess
    package let elementBytes: Int
    package let pitchBytes: Int

    /// - Parameter pitchBytes: distance between the tile's rows. Vectors and scalars may have any value.
    package init(kind: AccessKind, tensor: Int, elementBytes: Int, requests: RequestShape, pitchBytes: Int = 0) {
        template = TileAccess(
            kind: kind, tensor: tensor, elementBytes: elementBytes, address: 0, rows: 0, rowBytes: 0,
            pitchBytes: pitchBytes, requestRows: requests.rows, lanesPerRow: requests.lanesPerRow,
            laneBytes: requests.laneBytes, laneStrideBytes: requests.laneStrideBytes, replicas: requests.replicas)
        self.elementBytes = elementBytes
        self.pitchBytes = pitchBytes
    }

    /// A load in a software-pipelined loop.
    ///
    /// Where a lane moves 4, 8 or 16 bytes it is an asynchronous copy by one replica; copies of 16 bytes bypass L1. It
    /// is a plain load where a lane moves less or the loop is not pipelined.
    package static func pipelined(
        tensor: Int, elementBytes: Int, requests: RequestShape, pitchBytes: Int = 0, stages: Int
    ) -> Operand {
        guard stages > 1, requests.laneBytes >= 4 else {
            return Operand(
                kind: .load, tensor: tensor, elementBytes: elementBytes, requests: requests, pitchBytes: pitchBytes)
        }
        var single = requests
        single.replicas = 1
        return Operand(
            kind: requests.laneBytes == 16 ? .copyBypass : .copyThroughL1, tensor: tensor, elementBytes: elementBytes,
            requests: single, pitchBytes: pitchBytes)
    }

    /// A store, which only one replica executes.
    package static func store(tensor: Int, elementBytes: Int, requests: RequestShape, pitchBytes: Int = 0) -> Operand {
        var single = requests
        single.replicas = 1
        return Operand(
            kind: .store, tensor: tensor, elementBytes: elementBytes, requests: single, pitchBytes: pitchBytes)
    }

    /// The same access with a cache hint.
    package func hinted(_ hint: CacheHint) -> Operand {
        var hinted = self
        hinted.template.hint = hint
        return hinted
    }

    /// Instructions a warp for an unmasked tile or vector of `elements` elements. All warps take equal parts.
    func instructions(elements: Int, warps: Int) -> Double {
        let perRequest = Int(template.requestRows) * Int(template.lanesPerRow) * Int(template.laneBytes)
        return Double(elements * elementBytes * Int(template.replicas)) / Double(perRequest * warps)
    }

    package var kind: AccessKind { template.kind }
    package var tensor: Int { Int(template.tensor) }
    package var isAsynchronous: Bool { template.kind.isAsynchronous }

    /// The compiled access of `region`.
    @inline(__always)
    package func tile(_ region: TileRegion) -> TileAccess {
        var tile = template
        tile.address = region.address
        tile.rows = UInt32(truncatingIfNeeded: region.rows)
        tile.rowBytes = UInt32(truncatingIfNeeded: region.columns &* elementBytes)
        return tile
    }

    /// The source operation of `region`.
    package func source(_ region: TileRegion) -> SourceOperation {
        let kind: AccessKind =
            switch template.kind {
            case .store: .store
            case .atomic, .reduction: .reduction
            default: .load
            }
        return SourceOperation(
            kind: kind, elementBytes: elementBytes, tensor: tensor, region: region,
            pitchBytes: pitchBytes)
    }
}

extension BlockProgram {
    /// Appends the access of `region`. Where the mask leaves nothing, it appends nothing.
    @inline(__always)
    mutating func append(_ operand: Operand, _ region: TileRegion) {
        if region.rows > 0, region.columns > 0 { operations.append(.tile(operand.tile(region))) }
    }

    /// Appends the store of `region` in parts of whole requests, each after its part of `work`. In each part the tile
    /// passes through shared memory to the layout of its store and is stored.
    mutating func append(_ work: [ComputeWork], storing operand: Operand, _ region: TileRegion) {
        let whole = operand.tile(region)
        let step = max(1, Int(whole.requestRows))
        let rows = Int(whole.rows).dividedRoundingUp(by: work.count).dividedRoundingUp(by: step) * step
        var first = 0
        for part in work {
            append(part)
            var tile = whole
            tile.address = whole.address &+ UInt64(bitPattern: Int64(first) &* whole.pitchBytes)
            tile.rows = UInt32(max(0, min(rows, Int(whole.rows) - first)))
            if tile.rows > 0, tile.rowBytes > 0 { operations.append(.tile(tile)) }
            first += rows
        }
    }

    @inline(__always)
    mutating func append(_ work: ComputeWork) {
        operations.append(.compute(work))
    }
}
