/// Whether all parts of a word are parts of a name.
enum PartFit {
    /// How badly the parts fit; nil where they do not fit. Each part of the name that the word lacks costs two. A part
    /// that is shortened costs one, and a part that is misspelt three.
    ///
    /// The word must have the name's last part, which says what kind of thing it is, or half of the name's parts. A
    /// name that begins with `no` fits only words that begin so too.
    static func cost(of wanted: [String], in name: [String], meanings: Meanings) -> Int? {
        if let cost = plainCost(of: wanted, in: name, meanings: meanings) { return cost }
        let told = wanted.filter { !meanings.isFiller($0) }
        return told.isEmpty || told.count == wanted.count
            ? nil : plainCost(of: told, in: name, meanings: meanings).map { $0 + 1 }
    }

    private static func plainCost(of wanted: [String], in name: [String], meanings: Meanings) -> Int? {
        var place = 0
        var cost = 0
        var hasLast = false
        for part in wanted {
            var found: Int?
            while place < name.count, found == nil {
                found = meanings.parts(of: part).compactMap { fit($0, name[place]) }.min()
                hasLast = found != nil && place == name.count - 1
                place += 1
            }
            guard let found else { return nil }
            cost += found
        }
        guard hasLast || 2 * wanted.count >= name.count, name[0] != "no" || wanted[0] == "no" else { return nil }
        return cost + 2 * (name.count - wanted.count)
    }

    /// The cost of taking `part` for a part of a name.
    private static func fit(_ part: String, _ own: String) -> Int? {
        if part == own || part + "s" == own || own + "s" == part { return 0 }
        if part.count >= 3, own.hasPrefix(part) || isShortened(part, own) { return 1 }
        let length = min(part.count, own.count)
        guard length >= 4 else { return nil }
        return EditDistance.between(Array(part), Array(own)) <= EditDistance.limit(length: length) ? 3 : nil
    }

    /// Whether `part` is `own` with letters left out, such as `idx` of `index` and `cnt` of `count`.
    private static func isShortened(_ part: String, _ own: String) -> Bool {
        guard part.first == own.first, part.count < own.count,
            !part.dropFirst().contains(where: "aeiou".contains) || part == "idx"
        else { return false }
        var rest = Substring(own)
        return part.allSatisfy { letter in
            guard let place = rest.firstIndex(of: letter) else { return false }
            rest = rest[rest.index(after: place)...]
            return true
        }
    }
}
