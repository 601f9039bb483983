import Kernels

/// How PyTorch's multi_tensor_apply divides lists of tensors over launches: in chunks of 65,536 elements, a block each.
///
/// *Source:* ATen/native/cuda/MultiTensorApply.cuh, and the grids of the optimizer rows of
/// docs/validation/h200_operators_dev.csv.
enum TensorChunks {
    /// A block's work.
    struct Chunk: Equatable, Sendable {
        let tensor: Int
        let first: Int
        let count: Int
    }

    static let elements = 65_536
    private static let mostBlocks = 320
    /// Most tensors of a launch, for one list of tensors to five.
    private static let mostTensors = [110, 64, 48, 36, 30]

    /// The chunks of each launch.
    /// - Parameters:
    ///   - sizes: elements of the tensors of each list.
    ///   - lists: number of lists that the kernel takes.
    static func launches(sizes: [Int], lists: Int) -> [[Chunk]] {
        let most = mostTensors[min(max(1, lists), mostTensors.count) - 1]
        var launches: [[Chunk]] = []
        var chunks: [Chunk] = []
        var tensors = 0
        for (tensor, size) in sizes.enumerated() where size > 0 {
            tensors += 1
            var first = 0
            while first < size {
                let count = min(elements, size - first)
                chunks.append(Chunk(tensor: tensor, first: first, count: count))
                first += count
                let isEnd = first == size
                guard chunks.count == mostBlocks || isEnd && tensors == most else { continue }
                launches.append(chunks)
                chunks = []
                // A tensor that is not done is the next launch's first.
                tensors = isEnd ? 0 : 1
            }
        }
        if !chunks.isEmpty { launches.append(chunks) }
        return launches
    }
}
