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
  /**
   * The small cloud. Its addresses are the ones that RFC 5737 keeps for documentation: no machine anywhere has them, so
   * nothing in it can be mistaken for, or reach, somebody else's host.
   */
  cloud: Object.freeze({
    /** Names in the cloud end in it: RFC 6761. */
    domain: "lab.test",
    /** Where every machine has an address of its own, another one after each stop. */
    network: Object.freeze({
      name: "ssh-trust-cloud",
      subnet: "203.0.113.0/24",
      pool: Object.freeze({ first: "203.0.113.20", last: "203.0.113.199" }),
    }),
    /** Elastic addresses: they stay, and are moved from one machine to another. */
    elastic: Object.freeze({
      name: "ssh-trust-elastic",
      subnet: "198.51.100.0/24",
      pool: Object.freeze({ first: "198.51.100.10", last: "198.51.100.99" }),
    }),
    laptop: Object.freeze({
      name: "laptop",
      user: "alice",
      addresses: Object.freeze({ network: "203.0.113.10", elastic: "198.51.100.2" }),
    }),
  }),
});

export type Person = (typeof lab.people)[number];
export type HostName = keyof typeof lab.hosts;
