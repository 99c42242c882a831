/** What a strict client says to the certificate that a host shows. */
import type { Case } from "../case.js";
import type { Versions } from "../cell.js";
import { keyTypes, type HostCertificate, type KeyType } from "../certificates.js";
import { logIn } from "../login.js";
import { since } from "../openssh-version.js";
import { accepted, outcomeOf, refused } from "../outcome.js";

const group = "host-certificates";

/** What ssh calls the certificates of a type of key. */
const algorithms: Readonly<Record<KeyType, string>> = {
  rsa: "rsa-sha2-512-cert-v01@openssh.com",
  ecdsa: "ecdsa-sha2-nistp256-cert-v01@openssh.com",
  ed25519: "ssh-ed25519-cert-v01@openssh.com",
};

const good = keyTypes.map((type): Case => ({
  id: `host-${type}`,
  group,
  what: `Vault's, ${type}; one @cert-authority line`,
  expected: () => accepted,
  run: async (grounds, cell) => {
    const settings = [`HostKeyAlgorithms=${algorithms[type]}`];
    return outcomeOf(await logIn(grounds, cell, { door: "vault", hosts: "vault", settings }));
  },
}));

const shown = (door: HostCertificate, what: string, expected: (versions: Versions) => string): Case => ({
  id: `host-${door}`,
  group,
  what,
  expected,
  run: async (grounds, cell) => outcomeOf(await logIn(grounds, cell, { door: `host-${door}`, hosts: "own" })),
});

export const hostCertificateCases: readonly Case[] = [
  shown("another-name", "for another name", () => refused("another name")),
  shown("expired", "expired", () => refused("expired")),
  shown("not-yet-valid", "not valid yet", () => refused("not valid yet")),
  shown("of-a-user", "a user's, shown by a host", () => refused("a user's certificate")),
  shown("unknown-ca", "of a CA that the client does not know", () => refused("unknown CA")),
  shown("critical-option", "with a critical option", () => refused("critical option")),
  shown("wildcard", "for *.lab.test", ({ client }) => (since(client, "10.3") ? accepted : refused("another name"))),
  shown("no-principals", "without principals", ({ client }) => (since(client, "10.3") ? refused("no principals") : accepted)),
  ...good,
];
