/** What a host says to the certificate that a user shows. */
import type { Case } from "../case.js";
import type { Versions } from "../cell.js";
import { keyTypes, type UserCertificate } from "../certificates.js";
import { logIn, logOf } from "../login.js";
import { since } from "../openssh-version.js";
import { accepted, outcomeOf, refused } from "../outcome.js";

const group = "user-certificates";

const good = keyTypes.map((type): Case => ({
  id: `user-${type}`,
  group,
  what: `Vault's, ${type}`,
  expected: () => accepted,
  run: async (grounds, cell) => outcomeOf(await logIn(grounds, cell, { door: "vault", hosts: "vault", key: type })),
}));

/** The reason is in the host's log: a client is told no more than that it was not enough. */
function shown(
  certificate: UserCertificate,
  what: string,
  expected: (versions: Versions) => string,
  { door = `user-${certificate}`, id = `user-${certificate}` } = {},
): Case {
  return {
    id,
    group,
    what,
    expected,
    inTurn: ({ server }) => `${server} ${door}`,
    run: async (grounds, cell) => {
      const before = (await logOf(grounds, cell, door)).length;
      const login = await logIn(grounds, cell, { door, hosts: "vault", certificate });
      return outcomeOf(login, (await logOf(grounds, cell, door)).slice(before));
    },
  };
}

export const userCertificateCases: readonly Case[] = [
  shown("another-name", "for another account", () => refused("another name")),
  shown("expired", "expired", () => refused("expired")),
  shown("not-yet-valid", "not valid yet", () => refused("not valid yet")),
  shown("of-a-host", "a host's, shown by a user", () => refused("a host's certificate")),
  shown("unknown-ca", "of a CA that the host does not know", () => refused("unknown CA")),
  shown("critical-option", "with a critical option that nobody knows", () => refused("critical option")),
  shown("elsewhere", "with source-address, from elsewhere", () => refused("from elsewhere")),
  shown("no-principals", "without principals, by TrustedUserCAKeys", () => refused("no principals")),
  shown(
    "no-principals",
    "without principals, by authorized_keys",
    ({ server }) => (since(server, "10.3") ? refused("no principals") : accepted),
    { door: "authorized-keys", id: "user-no-principals-authorized-keys" },
  ),
  ...good,
];
