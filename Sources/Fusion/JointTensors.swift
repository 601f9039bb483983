import Trace

/// The tensors of a variant: those of its launches, with equal ones once, and behind them the words that its blocks
/// share.
struct JointTensors {
    private(set) var tensors: [Tensor] = []
    /// For each launch, the numbers of its tensors among the variant's.
    let numbers: [[UInt16]]

    /// - Throws: `FusionError.tooManyTensors`.
    init(_ launches: [KernelLaunch]) throws(FusionError) {
        var tensors: [Tensor] = []
        var numbers: [[UInt16]] = []
        for launch in launches {
            var own: [UInt16] = []
            for tensor in launch.tensors {
                let place = tensors.firstIndex(of: tensor) ?? tensors.count
                if place == tensors.count { tensors.append(tensor) }
                own.append(UInt16(truncatingIfNeeded: place))
            }
            numbers.append(own)
        }
        guard tensors.count < TraceLimits.tensors else { throw .tooManyTensors(count: tensors.count) }
        self.tensors = tensors
        self.numbers = numbers
    }

    /// Adds a tensor of `byteCount` bytes behind all others.
    /// - Returns: its number and address.
    /// - Throws: `FusionError.noAddresses` if the tensor does not fit the address space.
    mutating func add(
        _ name: String, byteCount: Int, elementType: String
    ) throws(FusionError) -> (number: Int, address: UInt64) {
        let end = tensors.reduce(0) { max($0, $1.baseAddress + $1.byteCount) }
        guard UInt64.max - end > UInt64(byteCount) + 256 else { throw .noAddresses(tensor: name, bytes: byteCount) }
        let address = (end + 255) / 256 * 256
        tensors.append(Tensor(name: name, baseAddress: address, byteCount: UInt64(byteCount), elementType: elementType))
        return (tensors.count - 1, address)
    }
}
