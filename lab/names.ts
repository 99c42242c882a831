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
  /** Where the machines of the cloud publish their host keys. */
  objectStore: Object.freeze({ name: "object-store", hostName: "objects.lab.test", address: "10.203.113.3", port: 9000 }),
  /**
   * The small cloud. Its addresses are private ones (RFC 1918): those that RFC 5737 keeps for documentation look freer, but
   * are in use on some machines that this ran on.
   */
  cloud: Object.freeze({
    /** Names in the cloud end in it: RFC 6761. */
    domain: "lab.test",
    /** Where every machine has an address of its own, another one after each stop. */
    network: Object.freeze({
      name: "ssh-trust-cloud",
      subnet: "10.203.113.0/24",
      pool: Object.freeze({ first: "10.203.113.20", last: "10.203.113.199" }),
    }),
    /** Elastic addresses: they stay, and are moved from one machine to another. */
    elastic: Object.freeze({
      name: "ssh-trust-elastic",
      subnet: "10.198.51.0/24",
      pool: Object.freeze({ first: "10.198.51.10", last: "10.198.51.99" }),
    }),
    eve: Object.freeze({ name: "eve", address: "10.203.113.5" }),
    laptop: Object.freeze({
      name: "laptop",
      user: "alice",
      addresses: Object.freeze({ network: "10.203.113.10", elastic: "10.198.51.2" }),
    }),
  }),
});

export type Person = (typeof lab.people)[number];
export type HostName = keyof typeof lab.hosts;
