import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { WireReader, wireString } from "../../../src/ssh/wire.js";

function read(hex: string): WireReader {
  return new WireReader(Buffer.from(hex, "hex"), (problem) => new Error(problem));
}

describe("RFC 4251, section 5: data types", () => {
  test("numbers", () => {
    const reader = read("ff 00000007 ffffffffffffffff".replaceAll(" ", ""));
    expect(reader.uint8("a")).toBe(255);
    expect(reader.uint32("b")).toBe(7);
    expect(reader.uint64("c")).toBe(2n ** 64n - 1n);
    expect(reader.offset).toBe(13);
    expect(reader.atEnd).toBe(true);
  });

  test.each([
    ["testing", "0000000774657374696e67", Buffer.from("testing")],
    ["nothing", "00000000", Buffer.alloc(0)],
  ])("the string of %s", (_what, hex, content) => {
    expect(read(hex).string("field")).toEqual(content);
    expect(wireString(content).toString("hex")).toBe(hex);
  });

  // the RFC's own examples, and the edge of the sign bit
  test.each([
    ["9a378f9b2e332a7", "0000000809a378f9b2e332a7", "09a378f9b2e332a7"],
    ["80", "000000020080", "80"],
    ["7f", "000000017f", "7f"],
  ])("the mpint %s", (_number, hex, magnitude) => {
    expect(read(hex).mpint("n").toString("hex")).toBe(magnitude);
  });

  test.each([
    ["zero", "00000000", "the n is zero"],
    ["-1234", "00000002edcc", "the n is negative"],
    ["-deadbeef", "00000005ff21524111", "the n is negative"],
    ["7f with a zero in front", "00000002007f", "the n has needless zeros in front"],
    ["80 with two zeros in front", "00000003000080", "the n has needless zeros in front"],
    ["one zero byte", "0000000100", "the n has needless zeros in front"],
    ["one that is cut off", "0000000301", "the n is cut off"],
  ])("an mpint cannot be %s", (_what, hex, problem) => {
    expect(() => read(hex).mpint("n")).toThrow(problem);
  });

  test.each([
    ["text with a zero byte at its end", "000000026100", "the t holds a zero byte"],
    ["text with a zero byte in it", "00000003610062", "the t holds a zero byte"],
    ["text that is no UTF-8", "00000001ff", "the t is not UTF-8"],
    ["half a character", "00000001c3", "the t is not UTF-8"],
    ["a surrogate", "00000003eda080", "the t is not UTF-8"],
  ])("refuses %s", (_what, hex, problem) => {
    expect(() => read(hex).text("t")).toThrow(problem);
  });

  test("keeps a byte order mark, which two texts may differ in", () => {
    expect(read("00000004efbbbf61").text("t")).toBe("\ufeffa");
  });

  test.each([
    ["uint8", (reader: WireReader) => reader.uint8("f"), ""],
    ["uint32", (reader: WireReader) => reader.uint32("f"), "000000"],
    ["uint64", (reader: WireReader) => reader.uint64("f"), "00000000000000"],
    ["string without all of its length", (reader: WireReader) => reader.string("f"), "000000"],
    ["string without its content", (reader: WireReader) => reader.string("f"), "00000001"],
    ["string longer than any memory", (reader: WireReader) => reader.string("f"), "ffffffff00"],
  ])("refuses a %s", (_what, use, hex) => {
    expect(() => use(read(hex))).toThrow("the f is cut off");
  });

  test("says how much follows the end", () => {
    expect(() => {
      read("0102").end("key");
    }).toThrow("2 bytes follow the end of the key");
  });

  test("any string comes back as it was, and the reader stands behind it", () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (content, rest) => {
        const bytes = Buffer.concat([wireString(content), rest]);
        const reader = new WireReader(bytes, (problem) => new Error(problem));
        expect(reader.string("field")).toEqual(Buffer.from(content));
        expect(reader.offset).toBe(4 + content.length);
      }),
    );
  });
});
