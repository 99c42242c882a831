/** What the offline CA signs, and what it does not: real keys, real ssh-keygen, kills and crowds. */
import { chmod, copyFile, cp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { execa } from "execa";
import { silent } from "../../src/ground/progress.js";
import { readCertificateFile } from "../../src/ssh/key-file.js";
import { orderHost, type HostRequest } from "../../src/offline-ca/issue-host.js";
import { orderUser, type UserRequest } from "../../src/offline-ca/issue-user.js";
import { readLog } from "../../src/offline-ca/issue-log.js";
import { underLock } from "../../src/offline-ca/lock.js";
import { openCa } from "../../src/offline-ca/open.js";
import { reserveSerials } from "../../src/offline-ca/serial.js";
import { vaultKey } from "../../src/offline-ca/vault-key.js";
import { verifyFiles } from "../../src/offline-ca/verify.js";
import { verifySignature } from "../../src/ssh/verify-signature.js";
import { keygenIn, keyTypes, openRoom, passphrase, quickKeygen, type Room } from "./offline-ca-support.js";
import { securityKeys } from "./support.js";

jest.setTimeout(180_000);
let room: Room;
beforeAll(async () => {
  room = await openRoom();
});
afterAll(() => room[Symbol.asyncDispose]());
beforeEach(() => room.reset());

const signHost = async (name: string, more: Partial<HostRequest> = {}, word = passphrase) => {
  const request = { name, keys: { folder: room.path("incoming") }, validity: {}, renew: false, ...more };
  return (await orderHost(await openCa(room.ca()), request, silent)).sign(word);
};
const signUser = async (name: string, more: Partial<UserRequest> = {}) => {
  const files = [room.path("incoming/ssh_host_ed25519_key.pub")];
  const asked = { name, principals: ["admin-ssh-user"], files, validity: {}, extensions: [], renew: false, ...more };
  return (await orderUser(await openCa(room.ca()), asked, silent)).sign(passphrase);
};
const ed25519 = (folder: string) => ({ files: [join(folder, "ssh_host_ed25519_key.pub")] });
const oneKey = { keys: { files: [] as string[] } };
beforeAll(() => {
  oneKey.keys = ed25519(room.path("incoming"));
});
/** ssh reads its keys, and then finds nobody to speak to. */
const nowhere = ["-o", "ProxyCommand=false", "-o", "BatchMode=yes", "nobody@localhost"];
const serial = async () => (await readFile(room.ca("serial"), "utf8")).trim();
const certs = async (name: string) => (await readdir(room.ca("host/certs", name))).sort();

describe("a host", () => {
  test("gets a certificate for each of its keys, signed by the CA's key of that type", async () => {
    const { identity, serials, files } = await signHost("web");
    expect({ identity, serials }).toEqual({ identity: "web_v01", serials: [1n, 2n, 3n] });
    expect(await certs("web.lab.test")).toEqual(
      keyTypes.flatMap((type) => [`ssh_host_${type}_key-cert.pub`, `ssh_host_${type}_key.pub`]).sort(),
    );
    for (const [index, type] of keyTypes.entries()) {
      const file = files[index] ?? "";
      const certificate = await readCertificateFile(file);
      expect(certificate).toMatchObject({
        certType: "host",
        serial: BigInt(index + 1),
        keyId: "web_v01",
        principals: ["web", "web.lab.test"],
        criticalOptions: new Map(),
        extensions: new Map(),
        signatureType: { ecdsa: "ecdsa-sha2-nistp521", ed25519: "ssh-ed25519", rsa: "rsa-sha2-512" }[type],
      });
      expect(verifySignature(certificate)).toBe(true);
      const { stdout } = await execa("ssh-keygen", ["-L", "-f", file], { env: { TZ: "UTC" } });
      const { stdout: ca } = await execa("ssh-keygen", ["-l", "-f", room.ca(`host/public/lab_host_${type}_key.pub`)]);
      expect(stdout).toContain(`Signing CA: ${type.toUpperCase()} ${ca.split(" ")[1] ?? ""}`);
      expect(stdout).toMatch(/Valid: from \S+ to \S+\n/);
    }
    expect(await readdir(room.ca("host/certs"))).toEqual(["web.lab.test"]);
  });

  test("is valid for five years of the calendar, or as was asked", async () => {
    const validity = { from: "2026-01-31", to: "2031-01-31" };
    const { files } = await signHost("web", { ...oneKey, validity });
    const { stdout } = await execa("ssh-keygen", ["-L", "-f", files[0] ?? ""], { env: { TZ: "UTC" } });
    expect(stdout).toContain("Valid: from 2026-01-31T00:00:00 to 2031-01-31T00:00:00");
  });

  test("is renewed with the keys that the CA has of it; the old certificates are kept", async () => {
    const old = await signHost("web", oneKey);
    const before = await readFile(old.files[0] ?? "");
    const { identity, serials, archived } = await signHost("web", { keys: {}, renew: true });
    expect({ identity, serials }).toEqual({ identity: "web_v02", serials: [2n] });
    expect(archived).toEqual([room.ca("host/certs/web.lab.test/web_v01")]);
    expect(await certs("web.lab.test/web_v01")).toEqual(["ssh_host_ed25519_key-cert.pub", "ssh_host_ed25519_key.pub"]);
    expect(await readFile(room.ca("host/certs/web.lab.test/web_v01/ssh_host_ed25519_key-cert.pub"))).toEqual(before);
    expect((await readCertificateFile(old.files[0] ?? "")).keyId).toBe("web_v02");
  });

  test("that was certified keeps its certificates when a second signing is refused", async () => {
    const { files } = await signHost("web", oneKey);
    const before = await readFile(files[0] ?? "");
    await expect(signHost("web.lab.test")).rejects.toMatchObject({
      code: "OFFLINE_CA_ALREADY_CERTIFIED",
      message: expect.stringMatching(/^"web" has certificates already: web_v01, until /) as unknown,
    });
    expect(await readFile(files[0] ?? "")).toEqual(before);
    expect(await serial()).toBe("1");
  });

  test("that is yet to be built gets its private keys made, mode 0600, without a passphrase", async () => {
    const { privateKeys, serials } = await signHost("image123", { keys: { appliance: true } });
    expect(privateKeys.map((file) => basename(file)).sort()).toEqual(keyTypes.map((type) => `ssh_host_${type}_key`).sort());
    expect(serials).toHaveLength(3);
    for (const file of privateKeys) {
      const { stdout } = await execa("ssh-keygen", ["-y", "-P", "", "-f", file]);
      expect(stdout).toContain("image123 host key");
      expect((await execa("stat", ["-c", "%a", file])).stdout).toBe("600");
    }
  });
});

describe("no private keys of an image are left", () => {
  const appliance = (more: Partial<HostRequest> = {}, word = passphrase) =>
    signHost("image123", { keys: { appliance: true }, ...more }, word);

  test("by a wrong passphrase", async () => {
    await expect(appliance({}, "not the passphrase")).rejects.toMatchObject({ code: "OFFLINE_CA_PASSPHRASE_WRONG" });
    expect(await readdir(room.ca("host/certs"))).toEqual([]);
    expect(await serial()).toBe("0");
  });

  test("where one of the CA's keys has another passphrase", async () => {
    const key = room.ca("host/private/lab_host_rsa_key");
    await chmod(key, 0o600);
    await execa("ssh-keygen", ["-q", "-p", "-P", passphrase, "-N", "something else entirely", "-f", key]);
    await expect(appliance()).rejects.toMatchObject({
      code: "OFFLINE_CA_PASSPHRASE_WRONG",
      message: expect.stringContaining("lab_host_rsa_key") as unknown,
    });
    expect(await readdir(room.ca("host/certs"))).toEqual([]);
    expect(await serial()).toBe("0");
  });

  test("by a renewal, which takes those that were made", async () => {
    await expect(appliance({ renew: true })).rejects.toMatchObject({
      code: "USAGE",
      message: "--appliance makes keys, --renew takes those that were made: name one",
    });
    expect(await readdir(room.ca("host/certs"))).toEqual([]);
  });
});

describe("a person", () => {
  test("gets the accounts that are named, a day, and a terminal", async () => {
    const { files, identity } = await signUser("alice", { principals: ["admin-ssh-user", "backup"] });
    const certificate = await readCertificateFile(files[0] ?? "");
    expect(identity).toBe("alice_v01");
    expect(certificate).toMatchObject({
      certType: "user",
      principals: ["admin-ssh-user", "backup"],
      extensions: new Map([["permit-pty", ""]]),
    });
    expect(Number(certificate.validBefore) - Date.now() / 1000).toBeCloseTo(86_400, -2);
  });

  test("gets more only where it is asked for", async () => {
    const { files } = await signUser("alice", { extensions: ["permit-agent-forwarding"] });
    const { extensions } = await readCertificateFile(files[0] ?? "");
    expect([...extensions.keys()]).toEqual(["permit-agent-forwarding", "permit-pty"]);
  });

  test.each(["ed25519", "ecdsa"] as const)(
    "with an %s key on a security key gets a certificate where ssh looks for it",
    async (type) => {
      const key = room.path("ca/brought.pub");
      await writeFile(key, securityKeys[type]);
      // A plain key of the same algorithm has another name, so both are signed.
      const { files } = await signUser("alice", { files: [key, room.path("incoming", `ssh_host_${type}_key.pub`)] });
      const folder = room.ca("user/certs/alice");
      expect(files).toEqual([join(folder, `id_${type}_sk-cert.pub`), join(folder, `id_${type}-cert.pub`)]);
      const identity = join(folder, `id_${type}_sk`);
      const { stderr } = await execa("ssh", ["-v", "-F", "none", "-o", `IdentityFile=${identity}`, ...nowhere], {
        reject: false,
      });
      expect(stderr).toMatch(new RegExp(`identity file ${identity}-cert type [0-9]`));
      expect((await verifyFiles(await openCa(room.ca()), files, new Date())).map(({ ok }) => ok)).toEqual([true, true]);
      // and it is found again
      expect(new Set((await signUser("alice", { files: [], renew: true })).files)).toEqual(new Set(files));
      await expect(signUser("alice", { files: [key] })).rejects.toMatchObject({ code: "OFFLINE_CA_ALREADY_CERTIFIED" });
    },
  );

  test.each<[string, Partial<UserRequest>, string, string]>([
    ["no account", { principals: [] }, "USAGE", "name the accounts that it opens"],
    ["an account with a comma", { principals: ["a,root"] }, "PRINCIPAL_INVALID", '"a,root"'],
    ["every account", { principals: ["*"] }, "PRINCIPAL_INVALID", '"*"'],
    ["an extension that is none", { extensions: ["permit-everything"] }, "USAGE", 'no extension "permit-everything"'],
    ["two years", { validity: { valid: "2y" } }, "OFFLINE_CA_VALIDITY_INVALID", "one year at the most"],
    ["no key", { files: [] }, "OFFLINE_CA_NO_USER_KEY", 'nothing was signed for "alice" yet'],
  ])("is refused %s", async (_what, more, code, words) => {
    await expect(signUser("alice", more)).rejects.toMatchObject({ code, message: expect.stringContaining(words) as unknown });
    expect(await serial()).toBe("0");
  });
});

describe("keys that are not signed", () => {
  const weak = async (name: string, args: readonly string[]) => {
    await execa("ssh-keygen", ["-q", ...args, "-N", "", "-f", room.path(name)]);
    return room.path(`${name}.pub`);
  };
  test.each<[string, () => Promise<HostRequest["keys"]>, string, RegExp]>([
    [
      "a private key",
      () => Promise.resolve({ files: [room.path("private/ssh_host_rsa_key")] }),
      "OFFLINE_CA_PRIVATE_KEY_OFFERED",
      /is a private key: anyone who has it can act as that host/,
    ],
    [
      "a folder with private keys in it",
      () => Promise.resolve({ folder: room.path("private") }),
      "OFFLINE_CA_PRIVATE_KEY_OFFERED",
      /private\/ssh_host_ecdsa_key is a private key/,
    ],
    [
      "a private key under another name",
      async () => {
        await cp(room.path("incoming"), room.path("ca/brought"), { recursive: true });
        await copyFile(room.path("private/ssh_host_rsa_key"), room.path("ca/brought/notes.txt"));
        return { folder: room.path("ca/brought") };
      },
      "OFFLINE_CA_PRIVATE_KEY_OFFERED",
      /notes\.txt is a private key/,
    ],
    ["no folder", () => Promise.resolve({ folder: room.path("none") }), "OFFLINE_CA_NO_KEYS", /there is no such folder/],
    [
      "a folder without keys",
      () => Promise.resolve({ folder: room.path("bin") }),
      "OFFLINE_CA_NO_KEYS",
      /no ssh_host_\*_key\.pub/,
    ],
    ["no keys from before", () => Promise.resolve({}), "OFFLINE_CA_NO_KEYS", /web\.lab\.test: none were brought yet/],
    ["a file that is not there", () => Promise.resolve({ files: [room.path("nope.pub")] }), "KEY_FILE_MISSING", /nope\.pub/],
    [
      "two of one type",
      async () => ({ files: [room.path("incoming/ssh_host_rsa_key.pub"), await weak("second", ["-t", "rsa"])] }),
      "OFFLINE_CA_KEY_REFUSED",
      /is of the same type, rsa/,
    ],
    [
      "a weak one",
      async () => ({ files: [await weak("weak", ["-t", "rsa", "-b", "1024"])] }),
      "OFFLINE_CA_KEY_REFUSED",
      /1024 bits is too small/,
    ],
    [
      "the CA's own",
      () => Promise.resolve({ files: [room.ca("user/public/lab_user_rsa_key.pub")] }),
      "OFFLINE_CA_KEY_REFUSED",
      /it is the CA's own key/,
    ],
    ["a certificate", async () => ({ files: (await signUser("bob")).files }), "KEY_NOT_PUBLIC", /it is a certificate/],
    ["keys from two places", () => Promise.resolve({ folder: room.path("incoming"), appliance: true }), "USAGE", /in one way/],
  ])("%s", async (_what, keys, code, message) => {
    await expect(signHost("web", { keys: await keys() })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message) as unknown,
    });
    expect(await readdir(room.ca("host/certs"))).toEqual([]);
    await Promise.all(
      ["second", "weak"].flatMap((name) => [name, `${name}.pub`]).map((name) => rm(room.path(name), { force: true })),
    );
  });
});

describe("a key that is another host's", () => {
  test("is not signed: with it each could pose as the other", async () => {
    await signHost("web");
    await expect(signHost("db")).rejects.toMatchObject({
      code: "OFFLINE_CA_KEY_OF_ANOTHER",
      message: expect.stringMatching(
        /ssh_host_ecdsa_key\.pub is not signed: the key SHA256:\S+ belongs to the host "web" \(serial 1, until 20/,
      ) as unknown,
      hint: [{ run: "mkdir -p incoming/db && scp 'db.lab.test:/etc/ssh/ssh_host_*_key.pub' incoming/db/" }, {}],
    });
    expect(await readdir(room.ca("host/certs"))).toEqual(["web.lab.test"]);
    expect(await serial()).toBe("3");
  });

  test("is not signed among keys of its own, nor for a renewal, nor before that certificate begins", async () => {
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    await signHost("web", { ...oneKey, validity: { from: tomorrow } });
    await signHost("db", { keys: { folder: await room.bring("db") } });
    await expect(signHost("db", { renew: true })).rejects.toMatchObject({ code: "OFFLINE_CA_KEY_OF_ANOTHER" });
  });

  test("is the other's when that one's certificate was replaced by one for another key", async () => {
    await signHost("web", oneKey);
    await signHost("web", { keys: { folder: await room.bring("web") }, renew: true });
    expect((await signHost("db", oneKey)).serials).toEqual([3n]);
    await expect(signHost("web", { ...oneKey, renew: true })).rejects.toMatchObject({ code: "OFFLINE_CA_KEY_OF_ANOTHER" });
  });

  test("is its own when it renews", async () => {
    await signHost("web", oneKey);
    expect((await signHost("web", { ...oneKey, renew: true })).serials).toEqual([2n]);
  });
});

describe("a CA that is not as it was made signs nothing", () => {
  const key = () => room.ca("host/private/lab_host_ed25519_key");
  const rekey = async (word: string) => {
    await chmod(key(), 0o600);
    await execa("ssh-keygen", ["-q", "-p", "-P", passphrase, "-N", word, "-f", key()]);
  };
  const at = new Date(Date.now() + 86_400_000).toISOString();
  const to = { address: "https://vault", mount: "ssh" };
  const tomorrow = { event: "imported", at, kind: "host", keyType: "rsa", signingCa: "SHA256:a", ...to };
  test.each<[string, () => Promise<unknown>, string, RegExp]>([
    ["no ca.json", () => rm(room.ca("ca.json")), "OFFLINE_CA_INCOMPLETE", /ca\.json is missing/],
    ["another schema", async () => writeFile(room.ca("ca.json"), '{"schema":2}'), "OFFLINE_CA_INCOMPLETE", /schema/],
    ["no JSON", async () => writeFile(room.ca("ca.json"), "{"), "OFFLINE_CA_INCOMPLETE", /it is not JSON/],
    [
      "a domain that is none",
      async () => writeFile(room.ca("ca.json"), '{"schema":1,"name":"lab","domain":"*","made":"2026-01-01T00:00:00Z"}'),
      "OFFLINE_CA_INCOMPLETE",
      /"\*" cannot be the name of a domain/,
    ],
    ["no folder at all", () => rm(room.ca(), { recursive: true }), "OFFLINE_CA_MISSING", /there is no offline CA/],
    ["no private key", () => rm(key()), "OFFLINE_CA_INCOMPLETE", /lab_host_ed25519_key is missing/],
    [
      "no public key",
      () => rm(room.ca("user/public/lab_user_rsa_key.pub")),
      "OFFLINE_CA_INCOMPLETE",
      /lab_user_rsa_key\.pub is missing/,
    ],
    ["no certs", () => rm(room.ca("user/certs"), { recursive: true }), "OFFLINE_CA_INCOMPLETE", /user\/certs is missing/],
    ["no serial file", () => rm(room.ca("serial")), "OFFLINE_CA_INCOMPLETE", /serial is missing/],
    ["no log", () => rm(room.ca("issued.jsonl")), "OFFLINE_CA_INCOMPLETE", /issued\.jsonl is missing/],
    [
      "a serial file of words",
      async () => writeFile(room.ca("serial"), "seven"),
      "OFFLINE_CA_SERIAL_DAMAGED",
      /does not hold one number/,
    ],
    [
      "a log from tomorrow",
      async () => writeFile(room.ca("issued.jsonl"), `${JSON.stringify(tomorrow)}\n`),
      "OFFLINE_CA_CLOCK_BACK",
      /the clock says .*, but a key was given to https:\/\/vault at /,
    ],
    [
      "a making to come",
      async () => {
        const text = (await readFile(room.ca("ca.json"), "utf8")).replace(/"made": "20/, '"made": "21');
        await writeFile(room.ca("ca.json"), text);
      },
      "OFFLINE_CA_CLOCK_BACK",
      /the clock says .*, but this CA was made at 21/,
    ],
    ["a log of words", async () => writeFile(room.ca("issued.jsonl"), "seven\n"), "OFFLINE_CA_LOG_DAMAGED", /line 1/],
    ["a private key open to others", () => chmod(key(), 0o640), "KEY_FILE_TOO_OPEN", /mode 0640/],
    ["a private folder open to others", () => chmod(room.ca("host/private"), 0o750), "OFFLINE_CA_TOO_OPEN", /mode 0750/],
    ["a CA folder open to others", () => chmod(room.ca(), 0o755), "OFFLINE_CA_TOO_OPEN", /mode 0755/],
    ["a private key without a passphrase", () => rekey(""), "OFFLINE_CA_KEY_UNPROTECTED", /has no passphrase/],
    ["another passphrase", () => rekey("something else entirely"), "OFFLINE_CA_PASSPHRASE_WRONG", /does not open/],
    [
      "another CA's public key",
      () => copyFile(room.ca("user/public/lab_user_ed25519_key.pub"), room.ca("host/public/lab_host_ed25519_key.pub")),
      "OFFLINE_CA_INCOMPLETE",
      /is not the public key of/,
    ],
    [
      "a key of another type",
      () => copyFile(room.ca("host/public/lab_host_rsa_key.pub"), room.ca("host/public/lab_host_ed25519_key.pub")),
      "OFFLINE_CA_INCOMPLETE",
      /holds a key of type ssh-rsa/,
    ],
  ])("%s", async (_what, spoil, code, message) => {
    await spoil();
    await expect(signHost("web", oneKey)).rejects.toMatchObject({ code, message: expect.stringMatching(message) as unknown });
    expect(await readdir(room.ca("host/certs")).catch(() => [])).toEqual([]);
  });

  test("a serial file below a certificate that the log has lost", async () => {
    await signHost("web");
    await writeFile(room.ca("issued.jsonl"), "");
    await writeFile(room.ca("serial"), "0\n");
    await expect(signHost("db")).rejects.toMatchObject({
      code: "OFFLINE_CA_SERIAL_DAMAGED",
      message: expect.stringContaining("it says 0, but the serial 3 is in use") as unknown,
    });
  });

  test("a serial file below a certificate of its own key that somebody signed by hand", async () => {
    await signByHand("-z", "7");
    await expect(signHost("web")).rejects.toMatchObject({
      code: "OFFLINE_CA_SERIAL_DAMAGED",
      message: expect.stringContaining("it says 0, but the serial 7 is in use") as unknown,
    });
  });

  test("a wrong passphrase costs no serial", async () => {
    await expect(signHost("web", {}, "not the passphrase")).rejects.toMatchObject({ code: "OFFLINE_CA_PASSPHRASE_WRONG" });
    expect(await serial()).toBe("0");
  });
});

/** A certificate among the CA's own, by its own key, but not by this program: as a Vault signs that has the key. */
const signByHand = async (...args: string[]) => {
  const signer = room.path("ca/signer");
  await copyFile(room.ca("host/private/lab_host_ed25519_key"), signer);
  await chmod(signer, 0o600);
  await execa("ssh-keygen", ["-q", "-p", "-P", passphrase, "-N", "", "-f", signer]);
  const key = room.ca("host/certs/vault.pub");
  await copyFile(room.path("incoming/ssh_host_ed25519_key.pub"), key);
  await execa("ssh-keygen", ["-q", "-s", signer, "-h", "-I", "vault-host-0123", "-n", "stray.lab.test", ...args, key]);
};

describe("a certificate by a Vault that has the CA's key", () => {
  test.each([2n ** 64n - 1n, 2n ** 63n, 2n ** 53n + 1n])("with the random serial %d is in nobody's way", async (random) => {
    await signByHand("-z", String(random));
    expect((await signHost("web", oneKey)).serials).toEqual([1n]);
    expect((await signHost("db", { keys: { folder: await room.bring("db") } })).serials).toEqual([2n]);
  });

  test("has a serial that is not given again, however low", async () => {
    await (await vaultKey(await openCa(room.ca()), "host", "ed25519")).record({ address: "https://vault", mount: "host-ssh" });
    await signByHand("-z", "2");
    expect((await signHost("web")).serials).toEqual([1n, 3n, 4n]);
    expect(await serial()).toBe("4");
  });
});

describe("at the same moment", () => {
  test("serials never repeat, however many ask", async () => {
    const ca = await openCa(room.ca());
    const all = (await Promise.all(Array.from({ length: 6 }, () => underLock(ca.dir, () => reserveSerials(ca, 3))))).flat();
    expect(new Set(all).size).toBe(18);
    expect(await serial()).toBe("18");
  });

  test("two signers of one host: one signs, the other is refused", async () => {
    const [one, other] = await Promise.allSettled([signHost("web", oneKey), signHost("web", oneKey)]);
    const refused = [one, other].filter(({ status }) => status === "rejected");
    expect(refused).toMatchObject([{ reason: { code: "OFFLINE_CA_ALREADY_CERTIFIED" } }]);
    expect(await serial()).toBe("1");
  });

  test("two hosts with the same key: one gets a certificate, the other is refused", async () => {
    const [one, other] = await Promise.allSettled([signHost("web", oneKey), signHost("db", oneKey)]);
    const refused = [one, other].filter(({ status }) => status === "rejected");
    expect(refused).toMatchObject([{ reason: { code: "OFFLINE_CA_KEY_OF_ANOTHER" } }]);
    expect(await serial()).toBe("1");
  });

  test("signers of different hosts wait for each other", async () => {
    const signed = await Promise.all(
      ["a", "b", "c"].map(async (name) => signHost(name, { keys: { folder: await room.bring(name) } })),
    );
    expect(signed.flatMap(({ serials }) => serials).sort((a, b) => Number(a - b))).toEqual([1n, 2n, 3n]);
    expect(await readLog(room.ca())).toHaveLength(3);
  });

  test("nobody waits longer than told", async () => {
    await underLock(room.ca(), async () => {
      await expect(underLock(room.ca(), () => Promise.resolve("in"), 1)).rejects.toMatchObject({ code: "OFFLINE_CA_BUSY" });
    });
    expect(await underLock(room.ca(), () => Promise.resolve("in"), 1)).toBe("in");
  });
});

describe("killed", () => {
  /** An ssh-keygen that kills who called it when it is to sign, before or after it did. */
  const doom = async (when: "before" | "after", path: string) => {
    const { stdout: real } = await execa("sh", ["-c", "command -v ssh-keygen"]);
    const kill = `case "$*" in *" -s "*) kill -9 $PPID; exit;; esac`;
    const lines = when === "before" ? [kill, `exec ${real} "$@"`] : [`${real} "$@" || exit`, kill];
    await writeFile(room.path("bin/ssh-keygen"), `#!/bin/sh\n${lines.join("\n")}\n`, { mode: 0o755 });
    return { PATH: `${room.path("bin")}:${path}` };
  };

  test.each(["before", "after"] as const)(
    "%s ssh-keygen signs: a serial is lost, nothing else, and the next signer goes on",
    async (when) => {
      const env = await doom(when, process.env["PATH"] ?? "");
      const killed = await room.run("sign-host web --from incoming {pass}", env);
      expect(killed.signal).toBe("SIGKILL");
      expect((await readdir(room.ca("host/certs"))).filter((name) => !name.startsWith(".tmp-"))).toEqual([]);
      expect(await readLog(room.ca())).toEqual([]);
      expect(await serial()).toBe("3");
      const { serials } = await signHost("web");
      expect(serials).toEqual([4n, 5n, 6n]);
      expect(await readdir(room.ca("host/certs"))).toEqual(["web.lab.test"]);
    },
  );

  test("while it renews: the old certificates are whole and in their place, and renewing goes on", async () => {
    await signHost("web");
    await room.run("sign-host web --renew {pass}", await doom("after", process.env["PATH"] ?? ""));
    const files = (await certs("web.lab.test"))
      .filter((name) => name.endsWith("-cert.pub"))
      .map((name) => room.ca("host/certs/web.lab.test", name));
    expect(files).toHaveLength(3);
    expect((await verifyFiles(await openCa(room.ca()), files, new Date())).map(({ ok }) => ok)).toEqual([true, true, true]);
    expect((await signHost("web", { keys: {}, renew: true })).serials).toEqual([7n, 8n, 9n]);
  });
});

test("ssh-keygen never has the passphrase among its arguments or in its environment", async () => {
  const seen = room.path("seen");
  const env = await keygenIn(room.path("bin"), `{ echo "$@"; env; } >> ${seen}\n${quickKeygen}`);
  expect((await room.run("init --domain lab.test --dir second/SSH {pass}", env)).exit).toBe(0);
  expect((await room.run("sign-host web --from incoming {pass}", env)).exit).toBe(0);
  const text = await readFile(seen, "utf8");
  expect(text.match(/SSH_ASKPASS_REQUIRE=force/g)?.length).toBeGreaterThanOrEqual(16);
  expect(text).not.toContain(passphrase);
  expect(text).not.toMatch(/ -[NP] /);
});

describe("verify", () => {
  const now = () => new Date();
  const wrong = async (file: string, at = now()) => {
    const [verdict] = await verifyFiles(await openCa(room.ca()), [file], at);
    return (verdict?.fields ?? [])
      .filter(({ problem }) => problem !== undefined)
      .map(({ name, problem }) => `${name}: ${String(problem)}`);
  };
  let file = "";
  beforeEach(async () => {
    file = (await signHost("web", oneKey)).files[0] ?? "";
  });
  /** Signs by hand, with the CA's own key, what this project would not. */
  const byHand = async (...args: string[]) => {
    const signer = room.ca("host/private/lab_host_ed25519_key");
    await chmod(signer, 0o600);
    await execa("ssh-keygen", ["-q", "-p", "-P", passphrase, "-N", "", "-f", signer]);
    const target = room.path("ca/by-hand.pub");
    await copyFile(room.path("incoming/ssh_host_ed25519_key.pub"), target);
    await execa("ssh-keygen", ["-q", "-s", signer, ...args, target]);
    return room.path("ca/by-hand-cert.pub");
  };

  test("finds nothing wrong with what it signed", async () => {
    expect(await wrong(file)).toEqual([]);
  });

  test.each<[string, () => Promise<string>, string[]]>([
    [
      "signed by a CA of somebody else's",
      async () => {
        await rename(room.ca("host/public/lab_host_ed25519_key.pub"), room.path("ca/old.pub"));
        await copyFile(room.path("incoming/ssh_host_ed25519_key.pub"), room.ca("host/public/lab_host_ed25519_key.pub"));
        return file;
      },
      ['signing CA: no key of the CA "lab"', "issue log: it has no certificate with this serial by this key"],
    ],
    [
      "changed after it was signed",
      async () => {
        const [type = "", base64 = ""] = (await readFile(file, "utf8")).split(" ");
        const text = Buffer.from(base64, "base64").toString("latin1").replace("web_v01", "web_v99");
        await writeFile(file, `${type} ${Buffer.from(text, "latin1").toString("base64")}\n`);
        return file;
      },
      ["signature: it does not fit what is signed", "identity: the log has web_v01"],
    ],
    [
      "of another key than the one beside it",
      async () => {
        await copyFile(room.path("incoming/ssh_host_rsa_key.pub"), file.replace("-cert.pub", ".pub"));
        return file;
      },
      [expect.stringMatching(/^public key: beside it lies SHA256:/) as unknown as string],
    ],
    [
      "for another name, by the CA's own key",
      () => byHand("-h", "-I", "web_v01", "-n", "web,bank.example", "-V", "-1m:+1h", "-z", "1"),
      [expect.stringMatching(/^validity: the log has /) as unknown as string, 'principals: "web" is not of lab.test'],
    ],
    [
      "for a name that only ends in the domain",
      () => byHand("-h", "-I", "web_v01", "-n", "www.bank.com,www.bank.com.lab.test", "-V", "-1m:+1h", "-z", "1"),
      [expect.stringMatching(/^validity: the log has /) as unknown as string, 'principals: "www.bank.com" is not of lab.test'],
    ],
    [
      "for everybody, for ever",
      () => byHand("-h", "-I", "", "-z", "0"),
      [
        "identity: it names nobody",
        "serial: it has none",
        "validity: it never ends",
        "principals: without any, it is valid for every name",
        "issue log: it has no certificate with this serial by this key",
      ],
    ],
    [
      "for a person, by the CA's key for hosts",
      () => byHand("-I", "mallory", "-n", "root", "-V", "-1m:+1h", "-z", "99", "-O", "force-command=/bin/sh"),
      [
        "type: the CA's key for hosts signed it",
        "critical options: this CA gives none",
        "issue log: it has no certificate with this serial by this key",
      ],
    ],
  ])("says what is wrong with one %s", async (_what, make, problems) => {
    expect(await wrong(await make())).toEqual(problems);
  });

  test.each([
    ["expired", 6 * 366, "validity: it has expired"],
    ["not valid yet", -1, "validity: it is not valid yet"],
  ])("says that one is %s", async (_what, days, problem) => {
    expect(await wrong(file, new Date(Date.now() + days * 86_400_000))).toEqual([problem]);
  });
});
