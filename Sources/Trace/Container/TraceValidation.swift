/// Checks that a launch and its programs can be simulated. No extent may be zero, no index out of range, no tile
/// endless.
///
/// The writer and the readers check everything that passes through them. Generators and importers may call it
/// themselves.
package enum TraceValidation {
    /// Checks all fields of a launch header.
    /// - Throws: `TraceError.invalidLaunch`.
    package static func validate(_ launch: KernelLaunch, at place: TracePlace = .unknown) throws(TraceError) {
        func require(_ field: String, _ value: Int, in range: ClosedRange<Int>) throws(TraceError) {
            guard range.contains(value) else {
                let expected =
                    range.upperBound == .max
                    ? "at least \(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
                throw .invalidLaunch(place, field: field, found: "\(value)", expected: expected)
            }
        }
        func requireShort(_ field: String, _ text: String) throws(TraceError) {
            try require("\(field) length in bytes", text.utf8.count, in: 0...TraceLimits.stringBytes)
        }
        try requireShort("kernel name", launch.kernel)
        try requireShort("tiling", launch.tiling)
        try require("grid x", launch.grid.x, in: 1...Int.max)
        try require("grid y", launch.grid.y, in: 1...Int.max)
        try require("grid z", launch.grid.z, in: 1...Int.max)
        try require("threads per block", launch.threadsPerBlock, in: 1...Int.max)
        try require("registers per thread", launch.registersPerThread, in: 0...Int.max)
        try require("shared memory per block", launch.sharedMemoryBytesPerBlock, in: 0...TraceLimits.sharedMemoryBytes)
        if let broken = LaunchLimit.broken(by: launch) {
            throw .invalidLaunch(
                place, field: broken.field, found: "\(broken.value)",
                expected: "at most \(broken.limit), "
                    + (broken.isOwn ? "a limit of Weir's own: CUDA launches more" : "CUDA's limit"))
        }
        try require("tensor count", launch.tensors.count, in: 0...TraceLimits.tensors)
        for tensor in launch.tensors {
            try requireShort("tensor name", tensor.name)
            try requireShort("tensor element type", tensor.elementType)
            guard !tensor.baseAddress.addingReportingOverflow(tensor.byteCount).overflow else {
                throw .invalidLaunch(
                    place, field: "tensor \(tensor.name)", found: "\(tensor.baseAddress) + \(tensor.byteCount) bytes",
                    expected: "an end below 2^64")
            }
        }
    }

    /// Checks all operations of a program.
    /// - Throws: `TraceError.invalidProgram`, or `.limitExceeded` where the program is too long.
    package static func validate(
        _ program: borrowing BlockProgram, of launch: KernelLaunch, block: Int? = nil, at place: TracePlace = .unknown
    ) throws(TraceError) {
        let laneCount = program.laneAddresses.count
        try validateSize(operations: program.operations.count, lanes: laneCount, at: place)
        for (index, operation) in program.operations.enumerated() {
            try validate(operation, number: index, tensorCount: launch.tensors.count, block: block, at: place)
            if case .lanes(let access) = operation {
                try validateLanes(access, number: index, laneCount: laneCount, block: block, at: place)
            }
        }
    }

    /// Checks the length of a program.
    static func validateSize(operations: Int, lanes: Int, at place: TracePlace) throws(TraceError) {
        try requireLimit("operation count of a program", operations, TraceLimits.programOperations, at: place)
        try requireLimit("lane address count of a program", lanes, TraceLimits.programLanes, at: place)
    }

    private static func requireLimit(_ what: String, _ value: Int, _ limit: Int, at place: TracePlace)
        throws(TraceError)
    {
        guard value <= limit else {
            throw .limitExceeded(place, what: what, found: UInt64(value), limit: UInt64(limit))
        }
    }

    /// Checks that an access's lanes lie within the program's lane addresses.
    static func validateLanes(
        _ access: LaneAccess, number: Int, laneCount: Int, block: Int?, at place: TracePlace
    ) throws(TraceError) {
        let end = UInt64(access.firstLane) + UInt64(access.laneCount)
        guard end <= UInt64(laneCount) else {
            throw .invalidProgram(
                place, block: block, operation: number, field: "lane range",
                found: "\(access.firstLane)..<\(end)", expected: "a range within 0..<\(laneCount)")
        }
    }

    /// Checks everything of an operation that does not depend on its program.
    static func validate(
        _ operation: Operation, number: Int, tensorCount: Int, block: Int?, at place: TracePlace
    ) throws(TraceError) {
        func require(_ field: String, _ value: UInt64, in range: ClosedRange<UInt64>) throws(TraceError) {
            guard range.contains(value) else {
                throw .invalidProgram(
                    place, block: block, operation: number, field: field, found: "\(value)",
                    expected: "\(range.lowerBound) to \(range.upperBound)")
            }
        }
        func requireTensor(_ tensor: UInt16) throws(TraceError) {
            guard Int(tensor) < tensorCount else {
                throw .invalidProgram(
                    place, block: block, operation: number, field: "tensor", found: "\(tensor)",
                    expected: "an index below the launch's \(tensorCount) tensors")
            }
        }
        switch operation {
        case .tile(let tile):
            try requireTensor(tile.tensor)
            try require("replicas", UInt64(tile.replicas), in: 1...255)
            try require("laneBytes", UInt64(tile.laneBytes), in: 1...65_535)
            try require("laneStrideBytes", UInt64(tile.laneStrideBytes), in: UInt64(tile.laneBytes)...65_535)
            try require("requestRows", UInt64(tile.requestRows), in: 1...65_535)
            try require("lanesPerRow", UInt64(tile.lanesPerRow), in: 1...65_535)
            let requestLanes = UInt64(tile.requestRows) * UInt64(tile.lanesPerRow)
            try require("requestRows * lanesPerRow", requestLanes, in: 1...UInt64(TraceLimits.requestLanes))
            // The factors have 32 bits: products of two fit 64 bits, and a check comes before the third factor.
            let cells = UInt64(tile.rows) * UInt64(tile.rowBytes)
            try require("rows * rowBytes", cells, in: 0...UInt64(TraceLimits.tileBytes))
            try require(
                "rows * rowBytes * replicas", cells * UInt64(tile.replicas), in: 0...UInt64(TraceLimits.tileBytes))
            let lanesPerRow = (UInt64(tile.rowBytes) + UInt64(tile.laneBytes) - 1) / UInt64(tile.laneBytes)
            let lanes = UInt64(tile.rows) * lanesPerRow
            try require("lanes of the tile", lanes, in: 0...UInt64(TraceLimits.tileLanes))
            try require(
                "lanes of the tile * replicas", lanes * UInt64(tile.replicas), in: 0...UInt64(TraceLimits.tileLanes))
        case .lanes(let access):
            try requireTensor(access.tensor)
            try require("laneBytes", UInt64(access.laneBytes), in: 1...65_535)
            try require("laneCount", UInt64(access.laneCount), in: 0...UInt64(TraceLimits.requestLanes))
        case .awaitProducts(let pending):
            try require("pending products", UInt64(pending), in: 0...UInt64(Operation.mostPendingProducts))
        case .awaitLoads, .commitGroup, .awaitGroups, .barrier, .compute, .invalidateL1, .signal, .awaitFlag,
            .beginProducts:
            break
        }
    }
}
