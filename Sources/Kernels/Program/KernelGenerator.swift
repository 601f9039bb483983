import Trace

/// A kernel of the library. It gives the compiled programs of its blocks, and the same blocks' operations in source
/// order.
package protocol KernelGenerator: BlockProgramSource {
    /// Appends the memory operations of linear block `block` in source order. Fully masked operations are included.
    func appendSourceOperations(ofBlock block: Int, to operations: inout [SourceOperation])
}
