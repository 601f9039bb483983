/// The launches that a recording has named, by context and number. Each context, and so each device, counts its
/// launches separately.
struct LaunchNames {
    private struct Name: Hashable {
        let context: UInt64?
        let number: UInt64
    }

    private var launches: [Name: (launch: Int, place: FormatPlace)] = [:]
    /// The launch that each context named last.
    private var lastOfContext: [UInt64: Int] = [:]
    /// The launch that was asked for last. Records of one launch come one after another.
    private var lastAsked: (context: UInt64, number: UInt64, launch: Int)?

    /// Whether launches were named with their contexts.
    var hasContexts: Bool { !lastOfContext.isEmpty }

    /// Notes a launch.
    /// - Parameters:
    ///   - number: nil in forms that have none.
    ///   - launch: its index among all launches.
    mutating func add(_ number: UInt64?, of context: UInt64?, launch: Int, at place: FormatPlace) {
        if let context { lastOfContext[context] = launch }
        if let number { launches[Name(context: context, number: number)] = (launch, place) }
    }

    /// Where a launch with this context and number was named; nil where none was.
    func place(_ number: UInt64?, of context: UInt64?) -> FormatPlace? {
        number.flatMap { launches[Name(context: context, number: $0)]?.place }
    }

    /// The launch of a record; nil where no launch has this context and number.
    mutating func launch(_ number: UInt64, of context: UInt64) -> Int? {
        if let lastAsked, lastAsked.context == context, lastAsked.number == number { return lastAsked.launch }
        let found = launches[Name(context: context, number: number)] ?? launches[Name(context: nil, number: number)]
        if let found { lastAsked = (context, number, found.launch) }
        return found?.launch
    }

    /// The launch that a context named last.
    func last(of context: UInt64) -> Int? { lastOfContext[context] }
}
