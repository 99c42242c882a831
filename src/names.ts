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
  hosts: Object.freeze({
    "ssh-with-authorized-keys": 1022,
    "ssh-with-signed-hostkey": 2022,
    "ssh-with-trusted-user-ca": 3022,
  }),
});

export type Person = (typeof lab.people)[number];
export type HostName = keyof typeof lab.hosts;
