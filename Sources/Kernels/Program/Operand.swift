import Trace

/// A tensor argument as one kernel reads or writes it: everything about its tile accesses that is the same in each.
package struct Operand: Equatable, Sendable {
    /// The access with an empty region; `tile(_:)` fills place and extent in.
    private var template: TileAccess
    package let elementBytes: Int
    package let pitchBytes: Int

    /// - Parameter pitchBytes: distance of the tile's rows; any value for vectors and scalars.
    package init(kind: AccessKind, tensor: Int, elementBytes: Int, requests: RequestShape, pitchBytes: Int = 0) {
        template = TileAccess(
            kind: kind, tensor: tensor, elementBytes: elementBytes, address: 0, rows: 0, rowBytes: 0,
            pitchBytes: pitchBytes, requestRows: requests.rows, lanesPerRow: requests.lanesPerRow,
            laneBytes: requests.laneBytes, laneStrideBytes: requests.laneStrideBytes, replicas: requests.replicas)
        self.elementBytes = elementBytes
        self.pitchBytes = pitchBytes
    }

    /// A load in a software-pipelined loop: an asynchronous copy of one replica where a lane moves 4, 8 or 16 bytes
    /// (16 bytes bypass L1), a plain load where it moves less or the loop is not pipelined.
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

    /// A store: one replica writes.
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

    /// Instructions a warp for an unmasked tile or vector of `elements` elements, all warps taking equal parts.
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
    /// Appends the access of `region`; nothing where the mask leaves nothing.
    @inline(__always)
    mutating func append(_ operand: Operand, _ region: TileRegion) {
        if region.rows > 0, region.columns > 0 { operations.append(.tile(operand.tile(region))) }
    }

    /// Appends the store of `region` in parts of whole requests, each behind its part of `work`: tiles pass through
    /// shared memory to their layout for stores, and are stored, part by part.
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
