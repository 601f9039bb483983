import Trace

extension ImportFormat {
    /// ChampSim's instruction records, binary.
    package static let champsim = ImportFormat(
        "champsim", holds: "instruction records", wanted: "a trace of ChampSim", accessBytes: 8,
        takes: [.noFetches, .cloudSuite], binarySigns: [BinarySign(.records, recognised)],
        isCertain: { ChampSimLayout.isCertain($0) }
    ) { request, writer, summary in
        var importer = ChampSimImporter(request)
        try importer.run(into: &writer, summary: &summary, progress: request.progress)
    }

    /// Finds the layouts that all records fit.
    private static func recognised(_ bytes: [UInt8], isWhole: Bool) -> FormatRecognition.Finding? {
        // Addresses of 64 bits contain zeros, and no text does.
        guard bytes.prefix(1 << 12).contains(0) else { return nil }
        var formats: [RecognisedFormat] = []
        if ChampSimLayout.standard.fits(bytes, isWhole: isWhole) { formats.append(RecognisedFormat(.champsim)) }
        if ChampSimLayout.cloudSuite.fits(bytes, isWhole: isWhole) {
            formats.append(
                RecognisedFormat(.champsim, "a trace of ChampSim in CloudSuite's layout", isCloudSuite: true))
        }
        return formats.isEmpty ? nil : .formats(formats)
    }
}

/// Imports ChampSim's traces as one launch. For each instruction it writes a fetch, then the loads, then the stores.
///
/// The records have addresses but no sizes. A load or store is taken as the aligned piece of
/// `ImportRequest.accessBytes` that holds the address. A fetch is taken as the aligned word of four bytes that holds
/// the instruction's first byte. Neither spreads over two lines, because ChampSim looks up one line for each address.
struct ChampSimImporter: ~Copyable {
    private static let fetchBytes: UInt64 = 4

    private let options: ImportOptions
    /// Bytes of a load or store.
    private let accessBytes: UInt64
    private let layout: ChampSimLayout
    private var scanner: RecordScanner
    private var blocks = AccessBlocks()
    /// Numbers of records by what they have: bit 0 of the index means loads, bit 1 stores.
    private var records: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    private var fetches: UInt64 = 0

    init(_ request: ImportRequest) {
        options = request.options
        accessBytes = request.accessBytes
        layout = request.options.isCloudSuite ? .cloudSuite : .standard
        scanner = RecordScanner(request.plainInput(), recordBytes: layout.recordBytes)
    }

    /// Reads everything into one launch of `writer`.
    mutating func run(
        into writer: inout TraceWriter, summary: inout ImportSummary, progress: ((ImportProgress) -> Void)?
    ) throws {
        summary.unit = "records"
        if MemoryTraceRecord.isFinal(try scanner.lookAhead(MemoryTraceRecord.headBytes)) {
            throw TraceFormatError.unsupported(
                scanner.file,
                what:
                    "this begins with the header of a final trace of DynamoRIO's drmemtrace, and is no trace of ChampSim",
                cure: "Import it as what it is: weir import drmemtrace")
        }
        try blocks.begin(options.kernel, in: &writer)
        while let record = try scanner.next() {
            guard layout.isPlausible(record) else { throw malformed(record) }
            read(record)
            try blocks.endBlockIfFull(&writer)
            if scanner.record & 0xFFFF == 0 {
                progress?(
                    ImportProgress(
                        file: scanner.file.file, line: scanner.record, byteCount: scanner.byteCount, unit: "record"))
            }
        }
        guard scanner.record > 0 || scanner.cutBytes == 0 else {
            throw TraceFormatError.unsupported(
                scanner.file, what: "it has \(scanner.cutBytes) bytes, less than one record of \(layout.recordBytes)",
                cure: "Check that the file is ChampSim's")
        }
        if scanner.cutBytes > 0 {
            let place = FormatPlace(file: scanner.file.file, record: scanner.record + 1)
            try summary.warn(
                place, what: "the last record has \(scanner.cutBytes) of \(layout.recordBytes) bytes and is left out",
                cure: "The trace was cut; copy or record it again")
            summary.skip("cut record")
        }
        if blocks.isEmpty, fetches > 0 { throw TraceFormatError.onlyFetches(scanner.file, fetches) }
        if scanner.record > 0, records.1 + records.2 + records.3 == 0 {
            try summary.warn(
                scanner.file,
                what:
                    "every address of a load or store is 0, which stands for none, in all \(scanner.record) instructions",
                cure: "Check how the trace was recorded")
        }
        try blocks.end(
            &writer, place: scanner.file, expected: "records of \(layout.recordBytes) bytes that access memory")
        report(to: &summary)
    }

    @inline(__always)
    private mutating func read(_ record: UnsafeRawPointer) {
        if options.keepsFetches {
            let address = record.little64(ChampSimLayout.instruction)
            blocks.append(.fetch, address: address & ~(Self.fetchBytes &- 1), bytes: Self.fetchBytes)
        } else {
            fetches &+= 1
        }
        let loads = append(.load, record, layout.loads, layout.loadCount)
        let stores = append(.store, record, layout.stores, layout.storeCount)
        switch (loads, stores) {
        case (false, false): records.0 &+= 1
        case (true, false): records.1 &+= 1
        case (false, true): records.2 &+= 1
        case (true, true): records.3 &+= 1
        }
    }

    /// Appends the accesses of a list of addresses.
    /// - Returns: whether the list has any address.
    @inline(__always)
    private mutating func append(_ kind: AccessKind, _ record: UnsafeRawPointer, _ first: Int, _ count: Int) -> Bool {
        var found = false
        for place in 0..<count {
            let address = record.little64(first &+ 8 &* place)
            guard address != 0 else { continue }
            blocks.append(kind, address: address & ~(accessBytes &- 1), bytes: accessBytes)
            found = true
        }
        return found
    }

    private func report(to summary: inout ImportSummary) {
        summary.lines += scanner.record + (scanner.cutBytes > 0 ? 1 : 0)
        summary.textBytes += scanner.byteCount + UInt64(scanner.cutBytes)
        summary.launches += 1
        summary.blocks += blocks.blocks
        summary.accesses += blocks.accesses
        summary.take("instructions with loads", records.1)
        summary.take("with stores", records.2)
        summary.take("with both", records.3)
        if options.keepsFetches {
            summary.take("with neither", records.0)
        } else {
            summary.skip("instructions without loads and stores", records.0)
        }
        summary.count("instruction fetches left out", fetches)
    }

    private func malformed(_ record: UnsafeRawPointer) -> TraceFormatError {
        let bytes = UnsafeRawBufferPointer(start: record, count: 16).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        let other = options.isCloudSuite ? "Leave --cloudsuite out" : "Add --cloudsuite"
        return .unsupported(
            scanner.place,
            what:
                "it begins with \(bytes.joined(separator: " ")), which is no instruction: an address, then 0 or 1 for a branch and "
                + "for taken",
            cure: "\(other) where it is a trace of the other kind, or check that the file is ChampSim's")
    }
}
