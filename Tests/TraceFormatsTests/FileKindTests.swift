import Content
import Foundation
import TestSupport
import Testing

@Suite("Kinds of files")
struct FileKindTests {
    @Test(
        "Text in UTF-16 and UTF-32 is told with and without its mark, in both orders of bytes",
        arguments: [
            (String.Encoding.utf16LittleEndian, "UTF-16LE"), (.utf16BigEndian, "UTF-16BE"),
            (.utf32LittleEndian, "UTF-32LE"),
            (.utf32BigEndian, "UTF-32BE"),
        ])
    func encodings(encoding: String.Encoding, name: String) throws {
        for text in ["0 1000\n", "LD 0x1000\nST 0x2000\n", "preset: h200\n", "{\"batch\": 2}\n"] {
            let bytes = Array(try #require(text.data(using: encoding)))
            #expect(FileKind.notText(bytes)?.name == "text in \(name)")
            let marked = Array(try #require(("\u{FEFF}" + text).data(using: encoding)))
            #expect(FileKind.notText(marked)?.name == "text in \(name.prefix(6))")
        }
    }

    @Test("Text in ASCII and UTF-8 is none of these kinds")
    func plain() {
        let seed = SeededGenerator.printedSeed("plain text")
        var random = SeededGenerator(seed: seed)
        for text in [
            "", "0", "0 1000\n", "BZ", "BZh91 is no stream", "PK", "größe: 3\n", "\u{1B}[1mbold\u{1B}[0m\n", "]\n",
            "7z",
        ] {
            #expect(FileKind.notText(Array(text.utf8)) == nil, "\(text)")
        }
        for _ in 0..<2000 {
            let text = (0..<Int.random(in: 1...300, using: &random)).map { _ in
                UInt8.random(in: 32...126, using: &random)
            }
            let found = FileKind.notText(text)
            #expect(found == nil || text.starts(with: "GIF8".utf8) || text.starts(with: "PAR1".utf8), "seed \(seed)")
        }
    }

    @Test(
        "Texts are told by what they hold",
        arguments: [
            ("{\"a\": 1}\n", "JSON"), ("[\n  {\"a\": 1}]\n", "JSON"), ("[[1, 2], [3]]", "JSON"),
            ("kernel,time\na,1\nb,2\n", "a CSV table"),
            ("preset: h200\nl2.capacity: 1MiB\n", "a machine file (YAML), which --machine reads"),
            ("# mine\npreset: h200\n", "a machine file (YAML), which --machine reads"),
            ("<!DOCTYPE html><html>", "an HTML page"),
            ("<?xml version='1.0'?>", "XML"), ("#!/bin/sh\nls\n", "a script"), ("", "an empty file"),
            (" \n\n", "blank"),
        ])
    func texts(text: String, name: String) { #expect(FileKind.ofText(Array(text.utf8))?.name == name) }

    @Test("Lines of traces are no JSON, no table and no YAML")
    func traces() {
        for text in [
            "0 1000\n", "I  04000a10,3\n L 1ffe,8\n", "MemcpyHtoD,0x7f00,64\n", "LD 0x1000\n", "-kernel name = k\n",
        ] {
            #expect(FileKind.ofText(Array(text.utf8)) == nil, "\(text)")
        }
    }

    @Test("Whole files are decoded without a mark; others say what they are and how to convert them")
    func files() throws {
        #expect(try PlainText.decode([0xEF, 0xBB, 0xBF, 0x61], path: nil, wanted: "a list") == "a")
        #expect(try PlainText.decode(Array("ä".utf8), path: nil, wanted: "a list") == "ä")
        let latin = try #require(throws: PlainText.Problem.self) {
            _ = try PlainText.decode(
                Array("gr".utf8) + [0xF6, 0xDF] + Array("er".utf8), path: "a b.csv", wanted: "a table")
        }
        #expect(latin.cause == "this is not UTF-8 text")
        #expect(latin.cure == "convert it first, 'iconv -f LATIN1 -t UTF-8 'a b.csv' > PLAIN', and give PLAIN")
        let compressed = try #require(throws: PlainText.Problem.self) {
            _ = try PlainText.decode(CompressedInputs.twoGzipMembers, path: "t.gz", wanted: "a table")
        }
        #expect(compressed.cause == "this is a gzip stream, not a table")
        #expect(compressed.cure == "convert it first, 'gzip -dc t.gz > PLAIN', and give PLAIN")
    }

    @Test("Paths stand in commands as one word of a shell")
    func words() {
        #expect("a/b-1.din.gz".shellWord == "a/b-1.din.gz")
        #expect(
            "a b".shellWord == "'a b'" && "".shellWord == "''" && "-x".shellWord == "./-x"
                && "$(x)".shellWord == "'$(x)'")
        #expect("it's".shellWord == "'it'\\''s'" && "-a b".shellWord == "'./-a b'")
    }
}
