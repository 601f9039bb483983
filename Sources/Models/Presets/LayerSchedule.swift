/// Which layers of a model are simulated. Equal layers behave alike once the caches are in their steady state. Each
/// kind of layer is simulated once, where it first stands, and counts for all layers of its kind.
struct LayerSchedule {
    struct Layer: Equatable {
        let number: Int
        let kind: Character
        let repeats: Int
    }

    let layers: [Layer]
    /// All layers of the model.
    let count: Int

    /// - Parameter firstDiffers: whether the first layer launches less than the others, since its inputs need no
    ///   gradients.
    init(_ kinds: [Character], everyLayer: Bool, firstDiffers: Bool = false) {
        count = kinds.count
        guard !everyLayer else {
            layers = kinds.enumerated().map { Layer(number: $0, kind: $1, repeats: 1) }
            return
        }
        var total: [Character: Int] = [:]
        for kind in kinds.dropFirst(firstDiffers ? 1 : 0) { total[kind, default: 0] += 1 }
        var layers: [Layer] = firstDiffers ? kinds.prefix(1).map { Layer(number: 0, kind: $0, repeats: 1) } : []
        for (number, kind) in kinds.enumerated().dropFirst(firstDiffers ? 1 : 0) {
            if let repeats = total.removeValue(forKey: kind) {
                layers.append(Layer(number: number, kind: kind, repeats: repeats))
            }
        }
        self.layers = layers
    }

    /// What the output says about layers that are not simulated; nil where all are.
    var note: String? {
        guard layers.count < count else { return nil }
        let kinds = layers.filter { $0.repeats > 1 }.map { "layer \($0.number) stands for \($0.repeats)" }
        return "\(layers.count) of \(count) layers \(layers.count == 1 ? "is" : "are") simulated: "
            + "\(kinds.joined(separator: ", ")). --every-layer simulates all."
    }
}
