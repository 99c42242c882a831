/** The names and numbers of the tutorial. Its readers type them, so they never change. */
export const lab = Object.freeze({
  /** The account on every host that Alice and Bob log in to. */
  account: "admin-ssh-user",
  /** The people of the story; each has `ssh-keys/<name>_id_rsa`. */
  people: ["alice", "bob"] as const,
  /** The name that hosts are reached by, and so the principal in their certificates. */
  hostName: "localhost",
  network: "ssh-trust",
  /** Every container, network and image of the project carries it; `clean` goes by it. */
  label: "io.ssh-trust.lab",
  vault: Object.freeze({ name: "vault", port: 8200, token: "root-token" }),
  /** The hosts: each is an image, a container, a port of this machine, and what it trusts. */
  hosts: Object.freeze({
    "ssh-with-authorized-keys": Object.freeze({ port: 1022, certified: false, authorizedKeys: true }),
    "ssh-with-signed-hostkey": Object.freeze({ port: 2022, certified: true, authorizedKeys: true }),
    "ssh-with-trusted-user-ca": Object.freeze({ port: 3022, certified: true, authorizedKeys: false }),
  }),
});

export type Person = (typeof lab.people)[number];
export type HostName = keyof typeof lab.hosts;
