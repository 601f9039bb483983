import Trace

/// The tensors of a launch while it is being made. Each allocation stands among them once.
struct TensorEntries {
    private let places: TensorPlaces
    private(set) var tensors: [Tensor] = []

    init(_ places: TensorPlaces) { self.places = places }

    /// The number of a tensor's allocation among the launch's tensors.
    mutating func index(of tensor: OperatorTensor) -> Int { index(of: places.entry(of: tensor)) }

    mutating func index(of entry: Tensor) -> Int {
        if let known = tensors.firstIndex(where: { $0.name == entry.name }) { return known }
        tensors.append(entry)
        return tensors.count - 1
    }
}
