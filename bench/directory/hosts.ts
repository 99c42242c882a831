/** Many hosts that said something, written straight into the store: real keys, certificates that the fleet's CA signed, and what is wrong with some. */
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import ssh2 from "ssh2";
import { inParallel } from "../../src/ground/in-parallel.js";
import { wireString } from "../../src/ssh/wire.js";
import { domain, groups, type Asked } from "./server.js";

export const nameOf = (at: number): string => `${groupOf(at)}-${String(at)}.${domain}`;
const groupOf = (at: number) => groups[at % groups.length] ?? "web";

/** What is other than usual, of a hundred hosts of each group. */
const states: Readonly<Record<number, string>> = {
  1: "expired",
  2: "failing",
  3: "conflict",
  4: "unreadable",
  5: "no-identity",
  6: "not-enrolled",
  7: "not-certified",
  8: "uncertified",
};
const stateOf = (at: number): string => states[Math.floor(at / groups.length) % 100] ?? "certified";

/** Requests at a time. */
const width = 16;
/** Hosts that share a key and a certificate for it, beside the key that each has alone. */
const together = 40;

const ed25519Line = (key: KeyObject) => {
  const raw = key.export({ type: "spki", format: "der" }).subarray(-32);
  return `ssh-ed25519 ${Buffer.concat([wireString("ssh-ed25519"), wireString(raw)]).toString("base64")}`;
};

function otherLine(type: "rsa" | "ecdsa"): string {
  const made =
    type === "rsa"
      ? ssh2.utils.generateKeyPairSync("rsa", { bits: 3072 })
      : ssh2.utils.generateKeyPairSync("ecdsa", { bits: 256 });
  return made.public.split(" ").slice(0, 2).join(" ");
}

/** @param ask as root */
export async function writeHosts(ask: Asked, count: number, detail: (text: string) => void): Promise<void> {
  const others = [otherLine("ecdsa"), otherLine("rsa")];
  // The roles of the fleet sign a host its own name only, and ask for its own token.
  const role = { key_type: "ca", allow_host_certificates: true, allowed_domains: domain, allow_subdomains: true, max_ttl: "24h" };
  await ask("host-ssh/roles/any-host", role);
  const sign = async (key: string, names: readonly string[], ttl: string): Promise<string> => {
    const body = { public_key: key, cert_type: "host", valid_principals: names.join(","), ttl };
    const signed = (await ask("host-ssh/sign/any-host", body)).data?.["signed_key"];
    if (typeof signed !== "string") throw new Error("Vault's answer holds no certificate");
    return signed.trim();
  };
  const shared = new Map<number, readonly string[]>();
  const numbers = Array.from({ length: count }, (_, at) => at);
  const batchOf = (at: number) => Math.floor(at / groups.length / together) * groups.length + (at % groups.length);
  const batches = groupBy(numbers, batchOf);
  await inParallel([...batches], width, async ([batch, members]) => {
    const names = members.map(nameOf);
    const ttl = `${String(2 + (batch % 20))}h`;
    shared.set(batch, await Promise.all(others.map((key) => sign(key, names, ttl))));
  });
  let done = 0;
  await inParallel(numbers, width, async (at) => {
    const [name, group, state] = [nameOf(at), groupOf(at), stateOf(at)];
    const own = ed25519Line(generateKeyPairSync("ed25519").publicKey);
    if (state === "uncertified")
      await ask(`ssh-trust/data/uncertified/${name}`, { data: { schema: 1, host: name, keys: [own] } });
    else if (state !== "no-identity") {
      const role = { token_policies: `ssh-trust-host-${group}`, secret_id_ttl: "840h", token_max_ttl: "24h" };
      await ask(`auth/ssh-trust/hosts/${domain}/role/${name.slice(0, -domain.length - 1)}`, role);
    }
    if (state !== "uncertified" && state !== "not-enrolled") {
      const certificate =
        state === "not-certified" ? undefined : await sign(own, [name], state === "expired" ? "1s" : `${String(1 + (at % 23))}h`);
      const certificates =
        certificate === undefined ? [] : state === "expired" ? [certificate] : [certificate, ...(shared.get(batchOf(at)) ?? [])];
      await ask(`ssh-trust/data/hosts/${name}`, { data: entryOf(name, group, state, [own, ...others], certificates) });
    }
    done += 1;
    if (done % 100 === 0) detail(`${String(done)} of ${String(count)}`);
  });
  await ask("host-ssh/roles/any-host", undefined, "DELETE"); // an apply refuses what is not the fleet's
}

function groupBy<T>(many: readonly T[], key: (one: T) => number): Map<number, T[]> {
  const found = new Map<number, T[]>();
  for (const one of many) {
    const those = found.get(key(one));
    if (those === undefined) found.set(key(one), [one]);
    else those.push(one);
  }
  return found;
}

/** As the script of a host writes it. */
function entryOf(name: string, group: string, state: string, keys: readonly string[], certificates: readonly string[]): object {
  const now = Math.floor(Date.now() / 1000);
  return {
    schema: state === "unreadable" ? 2 : 1,
    host: name,
    group,
    written: now,
    addresses: ["192.0.2.7", "2001:db8::7"],
    keys,
    certificates,
    openssh: "OpenSSH_9.2p1 Debian-2+deb12u7, OpenSSL 3.0.17 1 Jul 2025",
    script: "1",
    machine: "0123456789abcdef0123456789abcdef",
    boot: "01234567-89ab-cdef-0123-456789abcdef",
    userCas: ["SHA256:0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"],
    otherWays: [],
    next: now + 3600,
    problem: state === "failing" ? "the answer was no certificate: permission denied" : "",
    since: state === "failing" ? now - 600 : 0,
    conflict: state === "conflict",
  };
}
