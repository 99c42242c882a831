import { describe, expect, test } from "@jest/globals";
import { harmless, markup } from "../../../src/page/html.js";

const characters = Array.from({ length: 0x3000 }, (_, code) => String.fromCharCode(code));
const escaped: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

describe("text in a page", () => {
  test("each character is itself, or what stands for it, wherever it is", () => {
    const wanted = (text: string) => harmless(text).replace(/[^]/g, (one) => escaped[one] ?? one);
    const wrong = characters.filter((character) =>
      ["", "a", "<"].map((before) => `${before}${character}z`).some((text) => markup`${text}`.text !== wanted(text)),
    );
    expect(wrong).toEqual([]);
  });

  test.each([
    ["<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"],
    [`" onload='x' a="`, "&quot; onload=&#39;x&#39; a=&quot;"],
    ["\u001b[31mred\u001b[0m", "red"],
    ["a\u202Eb", "a&lt;U+202E&gt;b"],
    ["one\r\ntwo\rthree", "one\ntwo␍three"],
    ["web-1.example.org\n", "web-1.example.org\n"],
  ])("%j", (text, html) => {
    expect(markup`${text}`.text).toBe(html);
  });
});
