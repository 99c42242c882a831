import { describe, expect, test } from "@jest/globals";
import { checkCaName, checkDomain, hostSubject, userSubject } from "../../../src/offline-ca/names.js";

const weird = [
  "",
  "-x",
  "a,b",
  "*",
  "*.lab.test",
  "a b",
  "a\nb",
  "a\0",
  "a\u202eb",
  "../a",
  ".",
  "..",
  "a/b",
  "é",
  "!a",
  "@a",
  "a@b",
];

describe("a host", () => {
  test.each([
    ["web", "web"],
    ["web.lab.test", "web"],
    ["db-1", "db-1"],
    ["3com", "3com"],
    ["cafe", "cafe"],
    ["0xen", "0xen"],
    ["web_1", "web_1"],
    ["db__2_a.lab.test", "db__2_a"],
    ["a".repeat(63), "a".repeat(63)],
  ])("%j has both its names as principals", (asked, name) => {
    expect(hostSubject("ca", "lab.test", asked)).toEqual({
      kind: "host",
      name,
      principals: [name, `${name}.lab.test`],
      folder: `ca/host/certs/${name}.lab.test`,
    });
  });

  test("below a part of the domain has its full name alone: its first label may be another host's", () => {
    const name = "db.eu.lab.test";
    expect(hostSubject("ca", "lab.test", name)).toMatchObject({ name, principals: [name], folder: `ca/host/certs/${name}` });
  });

  test.each([
    ["www.bank.com", "it is not below lab.test"],
    ["db.eu", "it is not below lab.test"],
    ["lab.test", "it is not below lab.test"],
    ["evillab.test", "it is not below lab.test"],
    ["web.lab.test.evil.example", "it is not below lab.test"],
    ["localhost", "every machine calls itself that"],
    ["localhost.lab.test", "every machine calls itself that"],
    ["ip6-localhost", "every machine calls itself that"],
    ["2130706433", "it reads as an address"],
    ["017700000001", "it reads as an address"],
    ["0x7f000001", "it reads as an address"],
    ["0x7f000001.lab.test", "it reads as an address"],
    ["0x7f.1", "it reads as an address"],
    ["127.0.0.1", "it reads as an address"],
    ["127.0.0.1.lab.test", "it reads as an address"],
    ["::1", "it is no DNS name in lower case"],
  ])("%j is refused: %s", (name, problem) => {
    expect(() => hostSubject("ca", "lab.test", name)).toThrow(`"${name}" cannot be the name of a host: ${problem}`);
  });

  test.each([
    ...weird,
    "Web",
    "web.",
    ".web",
    "web..eu",
    "web-",
    "10.0.0.1",
    "10",
    "_web",
    "web_",
    "_",
    "a._b.lab.test",
    "Web_1",
    ".lab.test",
    "a".repeat(64),
    `${"a.".repeat(125)}a`,
    "web:22",
    "[web]:22",
  ])("%j is refused", (name) => {
    expect(() => hostSubject("ca", "lab.test", name)).toThrow(expect.objectContaining({ code: "OFFLINE_CA_NAME_INVALID" }));
  });
});

describe("a person", () => {
  test("has the accounts that are named, each once", () => {
    expect(userSubject("ca", "alice", ["admin-ssh-user", "backup", "admin-ssh-user"])).toEqual({
      kind: "user",
      name: "alice",
      principals: ["admin-ssh-user", "backup"],
      folder: "ca/user/certs/alice",
    });
  });

  test.each([...weird, "Alice", ".tmp-1", "a".repeat(65)])("%j is refused", (name) => {
    expect(() => userSubject("ca", name, ["x"])).toThrow(expect.objectContaining({ code: "OFFLINE_CA_NAME_INVALID" }));
  });

  test.each(weird.filter((name) => name !== "a@b"))("the account %j is refused", (principal) => {
    expect(() => userSubject("ca", "alice", ["good", principal])).toThrow(expect.objectContaining({ code: "PRINCIPAL_INVALID" }));
  });
});

test.each(["lab.test", "my_lab.test", "a.b.c", "xn--bcher-kva.example"])("the domain %j is taken", (domain) => {
  expect(() => {
    checkDomain(domain);
  }).not.toThrow();
});

test.each([...weird, "lab", "LAB.test", "10.0.0.0", "127.0x1", "lab.test.", ".lab.test", "_lab.test", "lab_.test"])(
  "the domain %j is refused",
  (domain) => {
    expect(() => {
      checkDomain(domain);
    }).toThrow(expect.objectContaining({ code: "OFFLINE_CA_NAME_INVALID" }));
  },
);

test.each([...weird, "Lab", "a.b", "a_b", "a".repeat(33)])("the CA's name %j is refused", (name) => {
  expect(() => {
    checkCaName(name);
  }).toThrow(expect.objectContaining({ code: "OFFLINE_CA_NAME_INVALID" }));
});

test("what is shown of a refused name cannot move the terminal's cursor", () => {
  expect(() => hostSubject("ca", "lab.test", "a\x1b[2J")).toThrow('"a\\033[2J" cannot be the name of a host:');
});
