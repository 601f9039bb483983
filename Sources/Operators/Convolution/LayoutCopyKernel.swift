import Kernels
import Trace

/// cuDNN's `nchwToNhwcKernel` and `nhwcToNchwKernel`: a block turns 32 positions of 32 channels of an image, through
/// shared memory, an element a lane.
///
/// *Source:* grids, requests and sectors of the conv2d rows of docs/validation/h200_operators_dev.csv, exact.
struct LayoutCopyKernel: BlockProgramSource, Sendable {
    private static let side = 32
    private static let threads = 256

    let launch: KernelLaunch
    private let toChannelsLast: Bool
    private let channels: Int
    private let positions: Int
    /// Channels of the image whose channels lie side by side. Nobody writes those that the other one lacks.
    private let padded: Int
    private let source: UInt64
    private let target: UInt64
    private let load: Operand
    private let store: Operand
    /// Addresses, before the loads, and the rest.
    private let addresses: ComputeWork
    private let work: ComputeWork

    /// - Parameters:
    ///   - channels: of the image whose positions lie side by side.
    ///   - padded: channels of the other one.
    init(
        from: OperatorTensor, to: OperatorTensor, toChannelsLast: Bool, images: Int, channels: Int, positions: Int,
        padded: Int, places: TensorPlaces
    ) {
        self.toChannelsLast = toChannelsLast
        self.channels = channels
        self.positions = positions
        self.padded = padded
        (source, target) = (places.address(of: from), places.address(of: to))
        var entries = TensorEntries(places)
        let bytes = from.type.byteCount
        let lanes = RequestShape(rows: 1, lanesPerRow: 32, laneBytes: bytes, laneStrideBytes: bytes, replicas: 1)
        let (planar, mixed) = (positions * bytes, padded * bytes)
        load = Operand(
            kind: .load, tensor: entries.index(of: from), elementBytes: bytes, requests: lanes,
            pitchBytes: toChannelsLast ? planar : mixed)
        store = .store(
            tensor: entries.index(of: to), elementBytes: bytes, requests: lanes,
            pitchBytes: toChannelsLast ? mixed : planar)
        // One tile of channels an image takes 28 instructions more, a plane that is no whole tile 45 (measured: 107,
        // 136 and 153 a warp).
        var mix = InstructionMix(fma: 26, alu: 28, memory: 16, other: 36)
        if !toChannelsLast { mix.add(InstructionMix(fma: 8.5)) }
        if positions < Self.side {
            mix.add(InstructionMix(fma: 12, alu: 20, other: 13))
        } else if channels <= Self.side {
            mix.add(InstructionMix(fma: 9, alu: 9, other: 10))
        }
        addresses = mix.work.part(from: 0, to: 60)
        work = mix.work.part(from: 60, to: 100)
        launch = KernelLaunch(
            kernel: toChannelsLast ? "nchw_to_nhwc" : "nhwc_to_nchw",
            grid: Grid(
                x: positions.dividedRoundingUp(by: Self.side), y: channels.dividedRoundingUp(by: Self.side), z: images),
            threadsPerBlock: Self.threads, registersPerThread: toChannelsLast ? 32 : 36,
            sharedMemoryBytesPerBlock: 2112, tensors: entries.tensors)
    }

    func loadProgram(ofBlock block: Int, into program: inout BlockProgram) {
        program.removeAll()
        let (x, y, image) = launch.grid.coordinates(of: block)
        let (position, channel) = (x * Self.side, y * Self.side)
        let count = min(Self.side, positions - position)
        let bytes = load.elementBytes
        let planar = UInt64(((image * channels + channel) * positions + position) * bytes)
        let mixed = UInt64(((image * positions + position) * padded + channel) * bytes)
        let inPlanes = (rows: min(Self.side, channels - channel), columns: count)
        let inPixels = (rows: count, columns: inPlanes.rows)
        let (from, to) = toChannelsLast ? (inPlanes, inPixels) : (inPixels, inPlanes)
        program.add(addresses)
        program.add(
            load,
            TileRegion(
                address: source + (toChannelsLast ? planar : mixed), rows: from.rows, columns: from.columns))
        program.operations.append(.awaitLoads)
        program.add(work)
        program.operations.append(.barrier)
        program.add(
            store,
            TileRegion(address: target + (toChannelsLast ? mixed : planar), rows: to.rows, columns: to.columns))
    }
}
