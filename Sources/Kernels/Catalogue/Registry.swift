/// Every kernel that has a generator.
package enum Registry {
    /// The families. A new one needs its folder and a line here.
    package static let families: [any KernelFamily] = [
        SSDFamily(), FusedFamily(), ScanFamily(), ConvolutionFamily(), NormFamily(), SwigluFamily(),
    ]

    /// Every kernel, family by family.
    package static let kernels = families.flatMap(\.kernels)

    /// The short names of all kernels.
    package static let names = kernels.map(\.name)

    private static let byName = Dictionary(uniqueKeysWithValues: kernels.map { ($0.name, $0) })
    private static let byFunction = Dictionary(
        uniqueKeysWithValues: kernels.flatMap { kernel in (kernel.functions + kernel.variants.keys).map { ($0, kernel) }
        })

    /// The kernel with this name, short or the real function's as profilers show it; nil where no such kernel has a
    /// generator.
    package static func kernel(named name: String) -> KernelDescription? {
        byName[name] ?? byFunction[KernelNames.function(name)]
    }

    /// The kernel with this short name; nil where no such kernel has a generator.
    package static func kernel(shortName: String) -> KernelDescription? { byName[shortName] }

    private static let byMeasuredName = Dictionary(
        uniqueKeysWithValues: kernels.flatMap { kernel in kernel.measured.all.map { ($0, kernel) } })

    /// The kernel whose rows have this name in measured tables, and whether their blocks are persistent; nil where no
    /// row with this name can be read.
    package static func measured(_ name: String) -> (kernel: KernelDescription, isPersistent: Bool)? {
        byMeasuredName[name].map { ($0, $0.measured.persistent == name) }
    }

    /// The names of kernels' rows in measured tables, family by family.
    package static let measuredNames = kernels.flatMap(\.measured.all)

    /// The kernels that a model's layers launch, family by family.
    package static func kernels(of model: ModelKind) -> [KernelDescription] {
        families.filter { $0.models.contains(model) }.flatMap(\.kernels)
    }

    /// The flag of a layer that makes the library launch the function with this name; nil where the library launches it
    /// in any layer.
    package static func flag(impliedBy name: String) -> LayerParameter? {
        kernel(named: name)?.variants[KernelNames.function(name)]
    }

    /// The family that has the kernel with this short name.
    package static func family(of kernel: String) -> (any KernelFamily)? {
        families.first { family in family.kernels.contains { $0.name == kernel } }
    }
}
