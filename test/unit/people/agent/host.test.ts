/** Which host a client talks to: A01 to A04 and A07 of the cases, each with its reason. */
import { describe, expect, test } from "@jest/globals";
import { fleetHost } from "../../../../src/people/agent/host.js";
import { ed25519Signer, options, strings, type Parts } from "../../../programs/build-certificate.js";
import { bindOf, fromNow, hostCa, hostOf, stored, type Bound } from "./party.js";

const judged = (changes: Partial<Parts>, bound: Bound = {}) => fleetHost(bindOf(hostOf(changes), bound), stored, new Date());
const other = ed25519Signer();
const named = (...names: readonly string[]) => ({ principals: strings(...names) });

describe("no host of the fleet", () => {
  test.each<[what: string, changes: Partial<Parts>, says: string, mayBeNew: boolean]>([
    ["by another CA", { ca: other.blob, sign: other.sign }, "is by another CA (SHA256:", true],
    ["by another CA that names ours", { sign: other.sign }, "the CA did not sign", false],
    ["expired", { validBefore: fromNow(-1) }, "is not valid now", false],
    ["valid until this second", { validBefore: fromNow(0) }, "is not valid now", false],
    ["not yet valid", { validAfter: fromNow(60) }, "is not valid now", false],
    ["of a user", { certType: 1 }, "a user certificate", false],
    ["with a critical option", { critical: options("force-command", strings("ls")) }, "critical option force-command", false],
    ["with a critical option without a name", { critical: options("", "") }, "critical option", false],
    ["without a colon in its key id", { keyId: "web" }, "is of no group of hosts (web)", true],
    ["without a key id", { keyId: "" }, "is of no group of hosts ()", true],
    ["with a colon and no group", { keyId: ":web:x" }, "is of no group of hosts", true],
    ["of a group that the fleet does not have", { keyId: "mail:x" }, "is of no group of hosts (mail:x)", true],
    ["of a rule, not a group", { keyId: "platform-web:x" }, "is of no group of hosts", true],
    ["with a group in capitals", { keyId: "WEB:x" }, "is of no group of hosts", true],
    ["with a blank before its group", { keyId: " web:x" }, "is of no group of hosts", true],
    ["with a line break before its group", { keyId: "\nweb:x" }, "is of no group of hosts", true],
    ["of db, whose token is called web", { keyId: "db:token-web:web:x" }, "is not a name of a host of db", true],
    ["of db, whose token's name has a line break", { keyId: "db:token-x\nweb:web-1" }, "is not a name of a host of db", true],
    ["of mail, whose token is called web", { keyId: "mail:web:x" }, "is of no group of hosts", true],
    ["for a host of another group", named("db-1.example.org"), "db-1.example.org is not a name of a host of web", true],
    ["for two, one of another group", named("web-1.example.org", "db-1.example.org"), "db-1.example.org is not", true],
    ["for two, the first of another group", named("db-1.example.org", "web-1.example.org"), "db-1.example.org is not", true],
    ["for every host", named(), "without a name", true],
    ["for a host without a name", named(""), "without a name", true],
    ["for a host, and one without a name", named("web-1.example.org", ""), "without a name", true],
    ["for a pattern", named("web-*.example.org"), "web-*.example.org is not", true],
    ["for a pattern with a question mark", named("web-?.example.org"), "web-?.example.org is not", true],
    ["in capitals", named("WEB-1.example.org"), "WEB-1.example.org is not", true],
    ["with a dot at the end", named("web-1.example.org."), "web-1.example.org. is not", true],
    ["of two names in one", named("web-1.evil.test,x.example.org"), "is not a name", true],
    ["of two names with a blank", named("web-1.evil.test x.example.org"), "is not a name", true],
    ["with a line break", named("web-1\n.example.org"), "is not a name", true],
    ["below another domain", named("web-1.example.org.evil.test"), "is not a name", true],
    ["for the domain itself", named("example.org"), "is not a name", true],
    ["with another user in front", named("root@web-1.example.org"), "is not a name", true],
  ])("%s", (_what, changes, says, mayBeNew) => {
    expect(judged(changes)).toEqual({ problem: expect.stringContaining(says), mayBeNew });
  });

  test("a plain key", () => {
    const problem = expect.stringMatching(/^the host showed a plain key \(SHA256:\S+\), and no certificate$/);
    expect(judged({}, { plain: true })).toEqual({ problem, mayBeNew: false });
  });

  test("a certificate that a fleet with another CA knows", () => {
    const elsewhere = { ...stored, cas: { ...stored.cas, host: [stored.cas.user[0] ?? ""] } };
    expect(fleetHost(bindOf(hostOf()), elsewhere, new Date())).toMatchObject({ mayBeNew: true });
  });
});

test.each<[what: string, changes: Partial<Parts>, name: string]>([
  ["good", {}, "web-1.example.org"],
  ["with a name of all", { principals: strings("www.example.org") }, "www.example.org"],
  ["with several names", { principals: strings("web-7.example.org", "www.example.org") }, "web-7.example.org"],
  ["without an end", { validAfter: 0n, validBefore: 2n ** 64n - 1n }, "web-1.example.org"],
  ["whose token is called as another group", { keyId: "web:db:db-1.example.org" }, "web-1.example.org"],
  ["whose token's name has a line break", { keyId: "web:x\ndb:y" }, "web-1.example.org"],
])("a host of the fleet: %s", (_what, changes, name) => {
  expect(judged(changes)).toMatchObject({ name, group: { name: "web" } });
});

test("a second CA, while the fleet changes from one to the other", () => {
  const both = { ...stored, cas: { ...stored.cas, host: [stored.cas.user[0] ?? "", stored.cas.host[0] ?? ""] } };
  expect(fleetHost(bindOf(hostOf({ ca: hostCa.blob, sign: hostCa.sign })), both, new Date())).toMatchObject({
    name: "web-1.example.org",
  });
});
