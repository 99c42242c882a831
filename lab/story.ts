/** Who and what the story is about: the same in every lab. */

/** The account on every host that Alice and Bob log in to. */
export const account = "admin-ssh-user";

/** The people of the story; each has `<name>_id_rsa`. */
export const people = ["alice", "bob"] as const;
export type Person = (typeof people)[number];

/** The name that hosts are reached by, and so the principal in their certificates. */
export const hostName = "localhost";

/** The hosts: each is an image, a container, a port of this machine, and what it trusts. */
export const hosts = Object.freeze({
  "ssh-with-authorized-keys": Object.freeze({ certified: false, authorizedKeys: true }),
  "ssh-with-signed-hostkey": Object.freeze({ certified: true, authorizedKeys: true }),
  "ssh-with-trusted-user-ca": Object.freeze({ certified: true, authorizedKeys: false }),
});
export type HostName = keyof typeof hosts;
export const hostNames = Object.keys(hosts) as HostName[];

/** Names in the small cloud end in it: RFC 6761. */
export const domain = "lab.test";

/** Where the machines of the cloud publish their host keys. */
export const objectStoreName = `objects.${domain}`;

/** Who sits at the laptop. */
export const laptopUser = "alice";

/** The token of the lab's own development server. Everyone knows it. */
export const rootToken = "root-token";
