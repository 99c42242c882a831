import { expect, test } from "@jest/globals";
import type { OfferedKey } from "../../../src/offline-ca/incoming.js";
import type { Issued } from "../../../src/offline-ca/issue-log.js";
import { refuseKeysOfOthers } from "../../../src/offline-ca/key-of-another.js";
import { hostSubject, userSubject, type Subject } from "../../../src/offline-ca/names.js";

const web = {
  event: "issued",
  kind: "host",
  name: "web",
  keyType: "rsa",
  publicKey: "SHA256:a",
  serial: "1",
  validFrom: "2026-01-01T00:00:00Z",
  validTo: "2031-01-01T00:00:00Z",
} as Issued;
const keys = [{ file: "brought.pub", type: "rsa", publicKey: { fingerprint: "SHA256:a" } } as OfferedKey];
const db = hostSubject("ca", "lab.test", "db");
const check = (log: readonly Issued[], subject: Subject, now: string) => () => {
  refuseKeysOfOthers(log, subject, keys, new Date(now));
};

test.each<[string, Issued[], string]>([
  ["a valid one", [web], "2030-12-31T23:59:59Z"],
  ["one that is to come", [web], "2025-12-31T00:00:00Z"],
  ["one of a deeper host", [{ ...web, name: "db.eu.lab.test" }], "2026-02-01T00:00:00Z"],
  ["one beside that for a key of another type", [web, { ...web, keyType: "ecdsa", serial: "2" }], "2026-02-01T00:00:00Z"],
])("a key is refused for which another host has a certificate: %s", (_what, log, now) => {
  expect(check(log, db, now)).toThrow(expect.objectContaining({ code: "OFFLINE_CA_KEY_OF_ANOTHER" }));
});

test.each<[string, Issued[], Subject, string]>([
  ["none", [], db, "2026-02-01T00:00:00Z"],
  ["one that has ended", [web], db, "2031-01-01T00:00:00Z"],
  ["one that was replaced", [web, { ...web, publicKey: "SHA256:b", serial: "2" }], db, "2026-02-01T00:00:00Z"],
  ["one for another key", [{ ...web, publicKey: "SHA256:b" }], db, "2026-02-01T00:00:00Z"],
  ["one of a person", [{ ...web, kind: "user" }], db, "2026-02-01T00:00:00Z"],
  ["its own", [web], hostSubject("ca", "lab.test", "web.lab.test"), "2026-02-01T00:00:00Z"],
  ["a host's, for a person", [web], userSubject("ca", "db", ["root"]), "2026-02-01T00:00:00Z"],
])("a key is taken for which there is %s", (_what, log, subject, now) => {
  expect(check(log, subject, now)).not.toThrow();
});
