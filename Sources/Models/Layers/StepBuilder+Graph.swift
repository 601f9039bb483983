import Operators

extension StepBuilder {
    /// The indices of a graph that stays the same in all layers.
    struct Graph {
        let nodes: Int
        let edges: Int
        /// Nodes that a scan takes in a row.
        let scanned: Int
        let sources: OperatorTensor
        let targets: OperatorTensor
        let order: OperatorTensor
        let inverse: OperatorTensor

        init(nodes: Int, edges: Int, scanned: Int, _ builder: inout StepBuilder) {
            self.nodes = nodes
            self.edges = edges
            self.scanned = scanned
            sources = builder.tensor([edges], .i64)
            targets = builder.tensor([edges], .i64)
            order = builder.tensor([nodes], .i64)
            inverse = builder.tensor([nodes], .i64)
        }
    }

    /// Rows that indices name, and the gradient that adds up in the rows.
    mutating func rows(of x: OperatorTensor, _ indices: OperatorTensor, isPermutation: Bool = false) -> OperatorTensor {
        let y = tensor([indices.shape[0], x.shape[1]])
        let attributes: [String: AttributeValue] = isPermutation ? ["indices": .text("permutation")] : [:]
        call("aten::index", [x, indices], [y], attributes)
        onBackward { builder in
            guard builder.needsGradient(x), let dy = builder.takeGradient(of: y) else { return }
            let dx = builder.tensor(x.shape)
            builder.call("aten::zeros", [], [dx])
            builder.call("aten::_index_put_impl_", [dx, indices, dy], [dx], attributes)
            builder.add(dx, toGradientOf: x)
        }
        return y
    }

    /// Sums of an edge's values over the edges that lead to each node.
    mutating func summed(_ values: OperatorTensor, into nodes: Int, _ targets: OperatorTensor) -> OperatorTensor {
        let sums = tensor([nodes, values.shape[1]])
        call("aten::zeros_like", [], [sums])
        call("aten::index_add_", [sums, targets, values], [sums])
        onBackward { builder in
            guard let dsums = builder.takeGradient(of: sums) else { return }
            let dvalues = builder.tensor(values.shape)
            builder.call("aten::index_select", [dsums, targets], [dvalues])
            builder.add(dvalues, toGradientOf: values, isView: true)
        }
        return sums
    }

    mutating func product(_ x: OperatorTensor, _ y: OperatorTensor) -> OperatorTensor {
        let z = map("aten::mul", x, y)
        onBackward { builder in
            guard let dz = builder.takeGradient(of: z) else { return }
            let dx = builder.map("aten::mul", dz, y)
            let dy = builder.map("aten::mul", dz, x)
            builder.add(dx, toGradientOf: x)
            builder.add(dy, toGradientOf: y)
        }
        return z
    }

    mutating func quotient(_ x: OperatorTensor, _ y: OperatorTensor) -> OperatorTensor {
        let z = map("aten::div", x, y)
        onBackward { builder in
            guard let dz = builder.takeGradient(of: z) else { return }
            let dx = builder.map("aten::div", dz, y)
            let ratio = builder.map("aten::div", builder.map("aten::div", x, y), y)
            let dy = builder.map("aten::mul", builder.map("aten::neg", dz), ratio)
            builder.add(dx, toGradientOf: x)
            builder.add(dy, toGradientOf: y)
        }
        return z
    }

    /// Batch norm of rows or images, with its counter of batches.
    mutating func batchNorm(_ x: OperatorTensor) -> OperatorTensor {
        let channels = [x.shape[1]]
        let (weight, bias) = (parameter(channels, .f32), parameter(channels, .f32))
        let running = [tensor(channels, .f32), tensor(channels, .f32)]
        let batches = tensor([], .i64)
        call("aten::add_", [batches], [batches])
        let y = tensor(x.shape, x.type)
        let saved = [tensor(channels, .f32), tensor(channels, .f32)]
        call("aten::native_batch_norm", [x, weight, bias] + running, [y] + saved)
        onBackward { builder in
            guard let dy = builder.takeGradient(of: y) else { return }
            let dx = builder.tensor(x.shape, x.type)
            let (dweight, dbias) = (builder.tensor(channels, .f32), builder.tensor(channels, .f32))
            builder.call(
                "aten::native_batch_norm_backward", [dy.viewed(x.shape), x, weight] + running + saved,
                [dx, dweight, dbias])
            builder.set(dweight, asGradientOf: weight)
            builder.set(dbias, asGradientOf: bias)
            builder.add(dx, toGradientOf: x)
        }
        return y
    }

    /// A value plus a number.
    mutating func shifted(_ x: OperatorTensor) -> OperatorTensor {
        let y = map("aten::add", x)
        onBackward { builder in
            guard let dy = builder.takeGradient(of: y) else { return }
            builder.add(dy, toGradientOf: x)
        }
        return y
    }

    /// Gated messages along the edges, then a scan over the nodes, then two layers.
    mutating func graphLayer(
        _ x: OperatorTensor, _ e: OperatorTensor, _ graph: Graph
    ) -> (nodes: OperatorTensor, edges: OperatorTensor) {
        let width = x.shape[1]
        let ofEdges = linear(e, outputs: width, hasBias: true)
        let ofTargets = rows(of: linear(x, outputs: width, hasBias: true), graph.targets)
        let partial = sum(ofEdges, ofTargets)
        let ofSources = rows(of: linear(x, outputs: width, hasBias: true), graph.sources)
        let edges = sum(partial, ofSources)
        let gates = sigmoid(edges)
        let messages = product(gates, rows(of: linear(x, outputs: width, hasBias: true), graph.sources))
        let numerators = summed(messages, into: graph.nodes, graph.targets)
        let denominators = summed(gates, into: graph.nodes, graph.targets)
        let own = linear(x, outputs: width, hasBias: true)
        let mean = quotient(numerators, shifted(denominators))
        let normed = batchNorm(converted(sum(own, mean), to: .f32))
        let h = sum(x, relu(converted(normed, to: .bf16)))
        let ordered = rows(of: x, graph.order, isPermutation: true)
        let mixed = mamba1(ordered, batch: graph.nodes / graph.scanned, length: graph.scanned)
        let z = sum(h, rows(of: mixed, graph.inverse, isPermutation: true))
        let hidden = relu(linear(z, outputs: 2 * width, hasBias: true))
        let nodes = sum(z, linear(hidden, outputs: width, hasBias: true))
        return (nodes, sum(e, relu(edges)))
    }

    /// The loss: the means of the squares of two values.
    mutating func meanOfSquares(_ values: OperatorTensor...) {
        let means = values.map { value in
            let squares = square(converted(value, to: .f32))
            let mean = tensor([], .f32)
            call("aten::mean", [squares], [mean])
            return (squares, mean)
        }
        call("aten::add", means.map(\.1), [tensor([], .f32)])
        for (squares, mean) in means {
            onBackward { builder in
                let one = mean.viewed(squares.shape, strides: squares.shape.map { _ in 0 })
                let dsquares = builder.tensor(squares.shape, .f32)
                builder.call("aten::div", [one], [dsquares])
                builder.add(dsquares, toGradientOf: squares)
            }
        }
        onBackward { builder in builder.call("aten::ones_like", [], [builder.tensor([], .f32)]) }
    }
}
