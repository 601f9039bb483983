/// Numbers lines in pages of eight, so that neighbouring lines lie next to each other in flat tables. Only a change of
/// the page costs a lookup.
struct LineNumbers: ~Copyable {
    private static let pageShift: UInt64 = 3
    private static let pageLines = 1 << 3

    private var pages = KeyIndex()
    private var lastPage = UInt64.max
    private var lastEntry = 0

    init() {}

    private init(pages: consuming KeyIndex) { self.pages = pages }

    func copy() -> LineNumbers { LineNumbers(pages: pages.copy()) }

    /// The most bytes that are held while `lines` further lines get numbers.
    func byteCount(afterFurther lines: Int) -> Int { pages.byteCount(afterFurther: lines) }

    /// One above the largest number once `lines` further lines have numbers, each on a page of its own.
    func count(afterFurther lines: Int) -> Int { count &+ lines &* Self.pageLines }

    /// One above the largest number.
    var count: Int { pages.count &* Self.pageLines }

    @inline(__always)
    mutating func number(of line: UInt64) -> Int {
        let page = line &>> Self.pageShift
        if page != lastPage {
            lastEntry = Int(pages.number(of: page, next: UInt32(truncatingIfNeeded: pages.count)))
            lastPage = page
        }
        return lastEntry &* Self.pageLines &+ Int(truncatingIfNeeded: line) & (Self.pageLines &- 1)
    }

    mutating func removeAll() {
        pages.removeAll()
        lastPage = .max
    }
}
