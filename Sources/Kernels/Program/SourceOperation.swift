import Trace

/// One memory operation as the kernel's source states it: a whole tile, without layout. A fully masked operation has no
/// rows.
package struct SourceOperation: Equatable, Sendable {
    /// Load, store or reduction (for atomic adds).
    package var kind: AccessKind
    package var elementBytes: Int
    /// Index into the launch's tensors.
    package var tensor: Int
    package var region: TileRegion
    package var pitchBytes: Int

    package init(kind: AccessKind, elementBytes: Int, tensor: Int, region: TileRegion, pitchBytes: Int) {
        self.kind = kind
        self.elementBytes = elementBytes
        self.tensor = tensor
        self.region = region
        self.pitchBytes = pitchBytes
    }

    /// Elements that the mask leaves.
    package var elementCount: Int { region.rows > 0 && region.columns > 0 ? region.rows * region.columns : 0 }
}
