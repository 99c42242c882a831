/** What the tables share: where hosts of the two domains sign in, and some bodies of requests. */
export const org = "auth/ssh-trust/hosts/example.org";
export const net = "auth/ssh-trust/hosts/example.net";

/** A host's entry in the store. */
export const entry = { data: { os: "Debian" } };

/** An AppRole of the group web. */
export const appRole = (more: object) => ({ token_policies: "ssh-trust-host-web", ...more });

export const signOf = (principals: string) => ({ public_key: "<a key>", valid_principals: principals });
