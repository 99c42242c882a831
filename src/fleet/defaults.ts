/** What holds where the fleet file says nothing; `docs/fleet.md` gives the reasons. Durations are as the file has them. */

/** Of the auth mounts that are ours, the part before the method's name. */
const ours = "ssh-trust";

export const defaults = {
  hostFor: "72h",
  hostForget: "30d",
  ruleFor: "1m",
  with: ["pty"],
  session: "10h",
  mounts: { "host-ca": "host-ssh", "user-ca": "user-ssh" },
  limits: { "sign-in": 20, sign: 100, store: 100 },
  algorithms: ["RS256"],
  userClaim: "sub",
  groupsClaim: "groups",
  userpass: { path: `${ours}/people` },
  // Who is in an outside group is known at the sign-in only: after a removal, the session is how long somebody may go on.
  oidc: { path: `${ours}/oidc`, session: "1h" },
  jwt: { path: `${ours}/jwt`, session: "15m" },
  ldap: {
    path: `${ours}/ldap`,
    session: "1h",
    userAttribute: "uid",
    groupAttribute: "cn",
    /** Vault's own. */
    groupFilter: "(|(memberUid={{.Username}})(member={{.UserDN}})(uniqueMember={{.UserDN}}))",
  },
} as const;

/** Where hosts sign in, and where the store is: never the file's to say. */
export const reserved = { hostsSignIn: `${ours}/hosts`, store: ours } as const;
