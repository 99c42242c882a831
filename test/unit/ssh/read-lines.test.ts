/** Published host keys, `cat *.pub`, ssh-keyscan's output: one odd line does not take the others with it. */
import { describe, expect, test } from "@jest/globals";
import { parsePublicKey } from "../../../src/ssh/public-key.js";
import { readLines } from "../../../src/ssh/read-lines.js";
import { wireString } from "../../../src/ssh/wire.js";

const line = (type: string, ...fields: (string | Buffer)[]) =>
  `${type} ${Buffer.concat([type, ...fields].map(wireString)).toString("base64")} root@host`;
const one = line("ssh-ed25519", Buffer.from("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "hex"));
const other = line("ssh-ed25519", Buffer.from("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "hex"));
const read = (text: string) => readLines(text, (each) => parsePublicKey(each));

describe("left out and named, while the others are read", () => {
  test.each([
    ["a type of OpenSSH 10.6", line("ssh-mldsa44-ed25519", "key"), "unknown-type", "ssh-mldsa44-ed25519", /does not know/],
    ["DSA, as ssh-keygen -A of 8.4 makes it", line("ssh-dss", "p", "q"), "unknown-type", "ssh-dss", /does not know/],
    ["an unknown type that says another inside", line("ssh-new").replace("new", "old"), "unreadable", "ssh-old", /key type/],
    ["half a key", one.slice(0, 40), "unreadable", "ssh-ed25519", /base64|cut off/],
    ["prose", "<html> 404", "unreadable", "<html>", /key type/],
    ["what moves the cursor", "\x1b[2J x", "unreadable", "\\033[2J", /control characters/],
  ])("%s", (_what, odd, kind, type, problem) => {
    const { read: keys, leftOut } = read(`${one}\n${odd}\n${other}\n`);
    expect(keys).toHaveLength(2);
    expect(leftOut).toEqual([{ kind, type, problem: expect.stringMatching(problem) as unknown }]);
  });
});

test.each([
  ["nothing", ""],
  ["blank lines and comments", "\n \t\r\n# ssh-ed25519 AAAA\n  # more\n"],
])("%s: no key, and nothing left out", (_what, text) => {
  expect(read(text)).toEqual({ read: [], leftOut: [] });
});

test.each([
  ["comments", `# of web\n${one}\n#\n${other}\n`],
  ["line ends of Windows, and none at the end", `${one}\r\n${other}`],
  ["blanks around", `\n\n  ${one}\t\n\n${other}  \n`],
])("with %s, all are read", (_what, text) => {
  const { read: keys, leftOut } = read(text);
  expect({ keys: keys.map(({ comment }) => comment), leftOut }).toEqual({ keys: ["root@host", "root@host"], leftOut: [] });
});

test("a mistake in this program is no line that is left out", () => {
  const mistaken = () => {
    throw new TypeError("a mistake");
  };
  expect(() => readLines(one, mistaken)).toThrow("a mistake");
});
