import Runs
import Trace

/// The producer blocks that each block of a consumer needs. They are the blocks that write a sector that the consumer
/// block reads or writes.
///
/// The dependencies follow from the programs alone. Every program is read once. Local memory is left out. Consumer
/// blocks with the same needs share a class. Memory: 12 bytes for each sector that the producer touches while the
/// dependencies are made, then a few small integers per block and each class's list.
package struct BlockDependencies: Sendable {
    package let producer: KernelLaunch
    package let consumer: KernelLaunch
    /// The class of each consumer block.
    package let classes: [Int32]
    /// The producer blocks that each class needs, increasing.
    package let needs: [[Int32]]
    /// The consumer's tensors through which it reads the producer's output.
    package let intermediates: [Intermediate]
    /// Bytes of the sectors that the producer stores in the intermediates.
    package let storedBytes: UInt64
    /// For each of the producer's tensors, and each of the consumer's, whether it is an intermediate.
    package let isIntermediate: (producer: [Bool], consumer: [Bool])
    /// For each producer block, whether it writes anything but intermediates.
    package let writesResults: [Bool]
    /// Bytes of the intermediate that consumers read, by the producer block that wrote them last.
    package let passedBytes: [UInt64]
    /// The most bytes of the intermediate that one consumer block reads.
    package let mostReadBytes: Int
    /// Whether a block of either launch uses tensor cores.
    let usesTensorCores: Bool
    /// Why the intermediate cannot be left out.
    let obstacle: FusionError?

    /// - Throws: `FusionError.noIntermediate`, `.overwritten`, `.footprintLimit`, `.hasFlags`, and errors of the
    ///   sources.
    package init(
        producer: any BlockProgramSource, consumer: any BlockProgramSource, progress: ((RunProgress) -> Void)? = nil
    ) throws {
        var builder = DependencyBuilder(producer: producer.launch, consumer: consumer.launch)
        try builder.addProducer(producer, progress: progress)
        try builder.addConsumer(consumer, progress: progress)
        (self.producer, self.consumer) = (producer.launch, consumer.launch)
        (classes, needs) = (builder.classes, builder.needs)
        isIntermediate = (builder.producerTensors, builder.consumerTensors)
        guard builder.consumerTensors.contains(true) else {
            throw FusionError.noIntermediate(producer: producer.launch.kernel, consumer: consumer.launch.kernel)
        }
        if let hazard = builder.hazard { throw hazard }
        intermediates = consumer.launch.tensors.indices.filter { builder.consumerTensors[$0] }.map { index in
            let tensor = consumer.launch.tensors[index]
            return Intermediate(
                name: tensor.name, addresses: tensor.baseAddress..<(tensor.baseAddress + tensor.byteCount),
                passedBytes: builder.passedSectors[index] * LineGeometry.nvidia.sectorBytes)
        }
        storedBytes = producer.launch.tensors.indices.reduce(0) {
            $0 + (builder.producerTensors[$1] ? LineGeometry.nvidia.sectorBytes * builder.storedSectors[$1] : 0)
        }
        let written = builder.writtenTensors
        let tensors = builder.producerTensors
        writesResults = builder.writtenLists.map { list in written[Int(list)].contains { !tensors[Int($0)] } }
        passedBytes = builder.bytesByWriter
        mostReadBytes = builder.mostReadSectors * Int(LineGeometry.nvidia.sectorBytes)
        obstacle = builder.obstacle
        usesTensorCores = builder.usesTensorCores
    }
}
