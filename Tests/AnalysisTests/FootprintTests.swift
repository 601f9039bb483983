import Analysis
import Machine
import Testing
import Trace
import Workloads

@Suite("Accounts of very many lines")
struct FootprintTests {
    @Test(
        "A curve ends with an error before its account of lines takes more than it may, whatever its caches are",
        arguments: [
            (CurveLevel.l1, CurveOrganization.fullyAssociative), (.l2, .fullyAssociative),
            (.l1, .waysOfSets(sets: [4, 8], ways: 2)),
            (.l2, .waysOfSets(sets: [64], ways: 4)), (.l2, .setsOfWays(sets: [1, 2, 4], ways: 4)),
        ])
    func curve(level: CurveLevel, organization: CurveOrganization) throws {
        let launch = KernelLaunch(
            kernel: "wide", grid: Grid(x: 8), threadsPerBlock: 32, registersPerThread: 32, sharedMemoryBytesPerBlock: 0,
            tensors: [Tensor(name: "x", baseAddress: 0, byteCount: 1 << 40, elementType: "f32")])
        // A line of each of 1,024 pages a block; the account has the eight lines of each.
        let source = SyntheticSource(launch: launch) { block, program in
            program.operations = [
                .tile(
                    TileAccess(
                        kind: .load, tensor: 0, elementBytes: 4, address: UInt64(block) << 24, rows: 1024, rowBytes: 4,
                        pitchBytes: 1024, requestRows: 32, lanesPerRow: 1, laneBytes: 4, laneStrideBytes: 4))
            ]
        }
        var settings = CurveSettings()
        settings.level = level
        settings.organization = organization
        // 65,536 lines of 21 bytes and an index of 384 KiB in each of up to three stacks, and counts of half a
        // mebibyte.
        settings.byteLimit = 24 << 20
        let machine = try MachineDescription(named: "h200")
        _ = try CurveRunner.run(GeneratedLaunches([source, source]), machine: machine, settings: settings)
        settings.byteLimit = 1 << 20
        let error = #expect(throws: AnalysisError.self) {
            _ = try CurveRunner.run(GeneratedLaunches([source]), machine: machine, settings: settings)
        }
        #expect(error == .curveFootprint(place: nil, order: 0, kernel: "wide", bytes: 1 << 20))
        #expect(
            error?.description.contains("would take more than 1 MiB") == true
                && error?.description.contains("--sample") == true)
    }

    @Test("Counts of very many tensors are refused before they are held")
    func tensors() throws {
        let tensors = (0..<65_535).map {
            Tensor(name: "t\($0)", baseAddress: UInt64($0) << 12, byteCount: 4096, elementType: "f32")
        }
        let launch = KernelLaunch(
            kernel: "many", grid: Grid(x: 1), threadsPerBlock: 32, registersPerThread: 32, sharedMemoryBytesPerBlock: 0,
            tensors: tensors)
        // The second half of the lines is touched at distance 256, and a distance has a mebibyte of counts.
        let source = SyntheticSource(launch: launch) { _, program in
            program.operations = (0..<512).map {
                .tile(
                    TileAccess(
                        kind: .load, tensor: 0, elementBytes: 4, address: UInt64($0 % 256) << 7, rows: 1, rowBytes: 4,
                        pitchBytes: 4,
                        requestRows: 1, lanesPerRow: 1, laneBytes: 4, laneStrideBytes: 4))
            }
        }
        var settings = CurveSettings()
        settings.byteLimit = 64 << 20
        let machine = try MachineDescription(named: "h200")
        let error = #expect(throws: AnalysisError.self) {
            _ = try CurveRunner.run(GeneratedLaunches([source]), machine: machine, settings: settings)
        }
        #expect(error == .curveFootprint(place: nil, order: 0, kernel: "many", bytes: 64 << 20))
    }
}
