/**
 * Every error that a person can meet, in one table: a permanent code, what happened, what to do, the exit status.
 *
 * The codes are part of the public interface: they never change and are never used again for something else.
 * `docs/errors.md` is written from this table, and a test fails when the two differ.
 */

interface Entry {
  /** What happened: lower case, no full stop, names the object. */
  readonly message: (p: never) => string;
  /** What to do next; holds a command wherever one helps. */
  readonly hint: (p: never) => string;
  /** 1: it could not be done; 2: it was asked for wrongly. */
  readonly exit: 1 | 2;
}

type Fields<K extends string> = Readonly<Record<K, string>>;

export const catalogue = {
  USAGE: {
    message: (p: Fields<"what">) => p.what,
    hint: (p: Fields<"help">) => `see: ${p.help}`,
    exit: 2,
  },
  SETTING_INVALID: {
    message: (p: Fields<"name" | "value" | "problem">) => `${p.name}=${p.value}: ${p.problem}`,
    hint: (p: Fields<"name">) => `unset ${p.name} to use the lab's own value, or correct it`,
    exit: 2,
  },
  INTERNAL: {
    message: (p: Fields<"what">) => `unexpected: ${p.what}`,
    hint: () => "run it again with --debug and report what it prints",
    exit: 1,
  },

  DOCKER_DOWN: {
    message: (p: Fields<"where">) => `no Docker engine answers at ${p.where}`,
    hint: () => "start Docker, or have it installed and started (Debian or Ubuntu, as root): npm run prepare -- --install",
    exit: 1,
  },
  DOCKER_PERMISSION: {
    message: (p: Fields<"where">) => `you may not use the Docker engine at ${p.where}`,
    hint: () => "join its group and log in again: sudo usermod -aG docker $USER",
    exit: 1,
  },
  DOCKER_TOO_OLD: {
    message: (p: Fields<"version" | "needed">) => `the Docker engine is ${p.version}, but ${p.needed} or later is needed`,
    hint: () => "upgrade Docker, or point DOCKER_HOST at a newer engine",
    exit: 1,
  },
  DOCKER_FAILED: {
    message: (p: Fields<"what" | "reason">) => `Docker could not ${p.what}: ${p.reason}`,
    hint: () => "run `npm run clean`, then the same command again",
    exit: 1,
  },
  IMAGE_BUILD_FAILED: {
    message: (p: Fields<"image" | "reason">) => `the image ${p.image} could not be built: ${p.reason}`,
    hint: () => "the build needs Debian's packages: check the network, then run: npm run prepare",
    exit: 1,
  },
  IMAGE_MISSING: {
    message: (p: Fields<"image">) => `the image ${p.image} is neither here nor to be pulled`,
    hint: () => "unset VAULT_IMAGE to have one made, or load it first: docker load",
    exit: 1,
  },
  CONTAINER_NAME_TAKEN: {
    message: (p: Fields<"name">) => `a container named "${p.name}" exists, and it is not this project's`,
    hint: (p: Fields<"name">) => `rename it: docker rename ${p.name} ${p.name}-old`,
    exit: 1,
  },
  CONTAINER_NOT_READY: {
    message: (p: Fields<"name" | "waited" | "log">) =>
      `container "${p.name}" did not become ready: waited for ${p.waited}${p.log}`,
    hint: (p: Fields<"again">) => `the reason is in the log above; try again: ${p.again}`,
    exit: 1,
  },
  PORT_TAKEN: {
    message: (p: Fields<"port" | "holder" | "wanted">) => `port ${p.port} is taken by ${p.holder}; ${p.wanted} needs it`,
    hint: (p: Fields<"port">) => `stop what listens on 127.0.0.1:${p.port}, then run the same command again`,
    exit: 1,
  },

  TOOL_MISSING: {
    message: (p: Fields<"tool" | "why">) => `${p.tool} is not installed (${p.why})`,
    hint: (p: Fields<"how">) => p.how,
    exit: 1,
  },
  TOOL_TOO_OLD: {
    message: (p: Fields<"tool" | "version" | "needed">) => `${p.tool} is ${p.version}, but ${p.needed} or later is needed`,
    hint: (p: Fields<"how">) => p.how,
    exit: 1,
  },
  FETCH_FAILED: {
    message: (p: Fields<"what" | "reason">) => `${p.what} could not be fetched: ${p.reason}`,
    hint: () => "check the network (and your proxy settings), then run: npm run prepare",
    exit: 1,
  },
  CHECKSUM_MISMATCH: {
    message: (p: Fields<"what" | "expected" | "actual">) => `${p.what} has checksum ${p.actual}, but ${p.expected} was expected`,
    hint: () => "do not use it; remove the cache and fetch it again: npm run clean -- --all && npm run prepare",
    exit: 1,
  },

  VAULT_UNREACHABLE: {
    message: (p: Fields<"address" | "reason">) => `no Vault answers at ${p.address}: ${p.reason}`,
    hint: () => "correct VAULT_ADDR, or unset it to use the lab's own: npm run start-vault",
    exit: 1,
  },
  VAULT_NOT_REACHABLE_FROM_CONTAINERS: {
    message: (p: Fields<"address">) =>
      `${p.address} is this machine's own address, so the lab's containers cannot reach that Vault`,
    hint: () => "set VAULT_CONTAINER_ADDR to an address that containers can reach, such as http://172.17.0.1:8200",
    exit: 1,
  },
  VAULT_SEALED: {
    message: (p: Fields<"address">) => `Vault at ${p.address} is sealed, so it signs nothing`,
    hint: () => "unseal it: vault operator unseal (or: bao operator unseal)",
    exit: 1,
  },
  VAULT_NOT_INITIALISED: {
    message: (p: Fields<"address">) => `Vault at ${p.address} has never been initialised`,
    hint: () => "initialise it: vault operator init (or: bao operator init)",
    exit: 1,
  },
  VAULT_ADDR_MISSING: {
    message: (p: Fields<"what">) => `${p.what} goes to the Vault that VAULT_ADDR names, and it names none`,
    hint: () => "name it: export VAULT_ADDR=https://vault.example:8200 (the lab's own: http://localhost:8200)",
    exit: 2,
  },
  VAULT_TOKEN_MISSING: {
    message: (p: Fields<"address">) => `VAULT_ADDR names ${p.address}, but there is no token for it`,
    hint: () => "export VAULT_TOKEN, or unset VAULT_ADDR to use the lab's own server",
    exit: 1,
  },
  VAULT_TOKEN_REFUSED: {
    message: (p: Fields<"address">) => `Vault at ${p.address} does not accept the token`,
    hint: () => "log in again and export the new VAULT_TOKEN; the lab's own server takes root-token",
    exit: 1,
  },
  VAULT_PERMISSION_DENIED: {
    message: (p: Fields<"path">) => `the token may not use "${p.path}"`,
    hint: () => "use a token with a policy that allows it: vault token capabilities <path>",
    exit: 1,
  },
  VAULT_REDIRECTED: {
    message: (p: Fields<"address" | "location">) =>
      `Vault at ${p.address} sends requests on to ${p.location}; the token is not sent there`,
    hint: () => "set VAULT_ADDR to the address of the active server",
    exit: 1,
  },
  VAULT_MOUNT_MISSING: {
    message: (p: Fields<"mount">) => `Vault has no SSH secrets engine at "${p.mount}"`,
    hint: (p: Fields<"task">) => `make it: npm run ${p.task}`,
    exit: 1,
  },
  VAULT_MOUNT_CONFLICT: {
    message: (p: Fields<"mount" | "type">) => `Vault's mount "${p.mount}" is of type ${p.type}, not ssh`,
    hint: () => "move it away or use another server: vault secrets move <from> <to>",
    exit: 1,
  },
  VAULT_NOT_OURS: {
    message: (p: Fields<"what">) => `Vault has ${p.what} already, and this project did not make it`,
    hint: () => "look at it first; to take it over and change it: npm run terraform-apply-… -- --adopt",
    exit: 1,
  },
  VAULT_ROLE_MISSING: {
    message: (p: Fields<"mount" | "role">) => `Vault's mount "${p.mount}" has no role "${p.role}"`,
    hint: (p: Fields<"task">) => `make it: npm run ${p.task}`,
    exit: 1,
  },
  CA_NOT_GENERATED: {
    message: (p: Fields<"mount">) => `Vault's mount "${p.mount}" has no signing key yet`,
    hint: (p: Fields<"task">) => `make it: npm run ${p.task}`,
    exit: 1,
  },
  VAULT_SIGN_DENIED: {
    message: (p: Fields<"mount" | "role" | "reason">) =>
      `Vault refused to sign (mount "${p.mount}", role "${p.role}"): ${p.reason}`,
    hint: () => "ask for what the role allows, or change src/roles.ts and apply it again",
    exit: 1,
  },
  VAULT_BUSY: {
    message: (p: Fields<"address" | "status">) => `Vault at ${p.address} is overloaded or standing by (HTTP ${p.status})`,
    hint: () => "wait a moment and run the same command again",
    exit: 1,
  },
  VAULT_ANSWER_UNEXPECTED: {
    message: (p: Fields<"path" | "what">) => `Vault's answer for "${p.path}" is not what its API says: ${p.what}`,
    hint: () => "check that VAULT_ADDR names a Vault or an OpenBao server",
    exit: 1,
  },

  TERRAFORM_FAILED: {
    message: (p: Fields<"command" | "reason">) => `${p.command} failed: ${p.reason}`,
    hint: () => "see all that it said: run the same command with --debug",
    exit: 1,
  },
  PROVIDER_MISSING: {
    message: (p: Fields<"reason">) => `Terraform cannot find its Vault provider: ${p.reason}`,
    hint: () => "have it fetched or built: npm run prepare",
    exit: 1,
  },

  MACHINE_UNKNOWN: {
    message: (p: Fields<"name" | "known">) => `there is no machine "${p.name}" in the cloud (there are: ${p.known})`,
    hint: (p: Fields<"name">) => `see them all: npm run cloud -- list; or launch it: npm run cloud -- launch ${p.name}`,
    exit: 1,
  },
  MACHINE_NAME_INVALID: {
    message: (p: Fields<"name">) => `"${p.name}" cannot be a machine's name`,
    hint: () =>
      "use lower-case letters, digits and hyphens, beginning with a letter, at most 32, and neither objects nor localhost: npm run cloud -- launch web",
    exit: 2,
  },
  NAME_TAKEN: {
    message: (p: Fields<"name" | "what">) =>
      `"${p.name}" is the name of ${p.what} already: machines and services share their names`,
    hint: () => "take another name; see those that are taken: npm run cloud -- list",
    exit: 1,
  },
  MACHINE_EXISTS: {
    message: (p: Fields<"name" | "state">) => `there is a machine "${p.name}" already (${p.state})`,
    hint: (p: Fields<"name">) => `take another name, or end it first: npm run cloud -- terminate ${p.name}`,
    exit: 1,
  },
  MACHINE_WRONG_STATE: {
    message: (p: Fields<"name" | "state" | "doing">) => `the machine "${p.name}" cannot be ${p.doing}: it is ${p.state}`,
    hint: (p: Fields<"how">) => p.how,
    exit: 1,
  },
  ADDRESS_IN_USE: {
    message: (p: Fields<"address" | "holder">) => `the address ${p.address} is in use by ${p.holder}`,
    hint: () => "see who has which: npm run cloud -- list; where it is Eve, send her away: npm run eve -- stop",
    exit: 1,
  },
  SUBNET_TAKEN: {
    message: (p: Fields<"network" | "subnet" | "by">) =>
      `the network ${p.network} needs the addresses ${p.subnet}, but this machine is on them already: ${p.by}`,
    hint: () => "leave that network or VPN for the time of the lab, then run the same command again",
    exit: 1,
  },
  OBJECT_STORE_DOWN: {
    message: (p: Fields<"address">) => `the lab's object store does not answer at ${p.address}`,
    hint: () => "start it: npm run start-object-store",
    exit: 1,
  },
  PUBLISHED_KEYS_INVALID: {
    message: (p: Fields<"machine" | "what">) => `what the machine "${p.machine}" published is not its host keys: ${p.what}`,
    hint: (p: Fields<"machine">) =>
      `do not connect to it; launch it anew: npm run cloud -- terminate ${p.machine} && npm run cloud -- launch ${p.machine} --publish`,
    exit: 1,
  },
  EVE_TARGET_REFUSED: {
    message: (p: Fields<"target" | "known">) =>
      `"${p.target}" is not a service of the lab's own cloud, so Eve does not stand before it (there are: ${p.known})`,
    hint: () => "make one: npm run cloud -- launch web && npm run cloud -- associate www web && npm run eve -- start www",
    exit: 2,
  },
  EVE_BUSY: {
    message: (p: Fields<"service">) => `there is an Eve before ${p.service} already`,
    hint: () => "end that first: npm run eve -- stop",
    exit: 1,
  },
  ADDRESS_INVALID: {
    message: (p: Fields<"address" | "first" | "last">) => `${p.address} is not an address of the cloud's machines`,
    hint: (p: Fields<"first" | "last">) => `take one from ${p.first} to ${p.last}, or leave --address out`,
    exit: 2,
  },

  USER_UNKNOWN: {
    message: (p: Fields<"user" | "known">) => `there is no user "${p.user}" in the lab (there are: ${p.known})`,
    hint: () => "name one of them: npm run sign-user-key -- alice",
    exit: 2,
  },
  PRINCIPAL_INVALID: {
    message: (p: Fields<"principal">) => `"${p.principal}" cannot be a principal`,
    hint: () => "a principal is one name: letters, digits and . _ @ -, no comma, no pattern",
    exit: 2,
  },
  TTL_INVALID: {
    message: (p: Fields<"ttl">) => `"${p.ttl}" is not a duration`,
    hint: () => "write it as hours, minutes and seconds: --ttl 1m0s",
    exit: 2,
  },
  KEY_FILE_MISSING: {
    message: (p: Fields<"file">) => `there is no key file ${p.file}`,
    hint: () => "correct the path, or make one: ssh-keygen -t ed25519 -f <file> (the lab's own keys: npm run prepare)",
    exit: 1,
  },
  KEY_FILE_UNREADABLE: {
    message: (p: Fields<"file" | "reason">) => `the key file ${p.file} cannot be read: ${p.reason}`,
    hint: (p: Fields<"file">) => `make it yours: sudo chown $USER ${p.file}`,
    exit: 1,
  },
  KEY_FILE_TOO_OPEN: {
    message: (p: Fields<"file" | "mode">) => `others can read the private key ${p.file} (mode ${p.mode}); ssh would refuse it`,
    hint: (p: Fields<"file">) => `chmod 600 ${p.file}`,
    exit: 1,
  },
  KEY_NOT_PUBLIC: {
    message: (p: Fields<"file" | "what">) => `${p.file} is not an SSH public key: ${p.what}`,
    hint: (p: Fields<"private">) => `write it from the private key: ssh-keygen -y -f ${p.private} > ${p.private}.pub`,
    exit: 1,
  },
  CERTIFICATE_INVALID: {
    message: (p: Fields<"what" | "problem">) => `${p.what} is not an SSH certificate that can be read: ${p.problem}`,
    hint: () => "look at it: ssh-keygen -L -f <file>",
    exit: 1,
  },
  CHAPTER_UNKNOWN: {
    message: (p: Fields<"chapter" | "last">) => `there is no chapter ${p.chapter} (they go from 1 to ${p.last})`,
    hint: () => "see them all: npm run walkthrough -- --list",
    exit: 2,
  },
  CLAIM_FAILED: {
    message: (p: Fields<"count">) => `${p.count} did not show what had to be seen`,
    hint: () => "the table above marks which, and what was missed; to begin again from nothing: npm run clean",
    exit: 1,
  },
  FILE_NOT_WRITTEN: {
    message: (p: Fields<"file" | "reason">) => `${p.file} could not be written: ${p.reason}`,
    hint: () => "name a folder that exists and that you may write to",
    exit: 1,
  },

  OFFLINE_CA_MISSING: {
    message: (p: Fields<"dir">) => `there is no offline CA in ${p.dir}`,
    hint: (p: Fields<"dir">) =>
      `name its folder with --dir, or make one: ssh-trust offline-ca init --domain example.org --dir ${p.dir}`,
    exit: 1,
  },
  OFFLINE_CA_EXISTS: {
    message: (p: Fields<"dir" | "what">) => `no CA can be made in ${p.dir}: ${p.what}`,
    hint: () => "a CA is never overwritten; name another folder: ssh-trust offline-ca init --dir <folder>",
    exit: 1,
  },
  OFFLINE_CA_INCOMPLETE: {
    message: (p: Fields<"dir" | "problem">) => `the offline CA in ${p.dir} is not whole: ${p.problem}`,
    hint: (p: Fields<"dir">) => `put back what is missing, and only that, from your copy of it: cp -an <copy>/. ${p.dir}/`,
    exit: 1,
  },
  OFFLINE_CA_TOO_OPEN: {
    message: (p: Fields<"folder" | "mode">) =>
      `others can look into ${p.folder} (mode ${p.mode}), and a CA's private keys lie there`,
    hint: (p: Fields<"folder">) => `chmod 700 ${p.folder}`,
    exit: 1,
  },
  OFFLINE_CA_KEY_UNPROTECTED: {
    message: (p: Fields<"file">) => `the CA's private key ${p.file} has no passphrase`,
    hint: (p: Fields<"file">) => `give it one: chmod 600 ${p.file} && ssh-keygen -p -f ${p.file}`,
    exit: 1,
  },
  OFFLINE_CA_PASSPHRASE_MISSING: {
    message: () => "the passphrase cannot be asked for: this is no terminal",
    hint: () => "put it into a file that only you can read (chmod 600), and name that: --passphrase-file <file>",
    exit: 2,
  },
  OFFLINE_CA_PASSPHRASE_FILE: {
    message: (p: Fields<"file" | "problem">) => `the passphrase file ${p.file} is not taken: ${p.problem}`,
    hint: (p: Fields<"file">) => `it is one line in a file that only you can read: chmod 600 ${p.file}`,
    exit: 2,
  },
  OFFLINE_CA_PASSPHRASE_UNFIT: {
    message: (p: Fields<"problem">) => `this passphrase is not taken: ${p.problem}`,
    hint: () => "take one line, such as four words or more; what guards a CA cannot be too long",
    exit: 2,
  },
  OFFLINE_CA_PASSPHRASE_WRONG: {
    message: (p: Fields<"file">) => `the passphrase does not open ${p.file}`,
    hint: (p: Fields<"file">) => `nothing was signed; try again, or try it by hand: ssh-keygen -y -f ${p.file}`,
    exit: 1,
  },
  OFFLINE_CA_NAME_INVALID: {
    message: (p: Fields<"what" | "name">) => `"${p.name}" cannot be the name of a ${p.what}`,
    hint: (p: Fields<"rule">) => p.rule,
    exit: 2,
  },
  OFFLINE_CA_VALIDITY_INVALID: {
    message: (p: Fields<"asked" | "problem">) => `a certificate cannot be valid for or until "${p.asked}": ${p.problem}`,
    hint: () => "write --valid 5y (or 26w, 90d, 12h, 30m), or dates in UTC: --valid-from 2026-01-31 --valid-to 2031-01-31",
    exit: 2,
  },
  OFFLINE_CA_NO_KEYS: {
    message: (p: Fields<"folder" | "problem">) => `there are no public keys in ${p.folder}: ${p.problem}`,
    hint: () => "fetch the host's: scp 'root@<host>:/etc/ssh/ssh_host_*_key.pub' <folder>/",
    exit: 1,
  },
  OFFLINE_CA_PRIVATE_KEY_OFFERED: {
    message: (p: Fields<"file">) => `${p.file} is a private key: whoever holds it is that host or person, so it is not taken`,
    hint: (p: Fields<"file">) =>
      `name ${p.file.replace(/\.pub$/, "")}.pub; where this is a copy, delete it, and make a new key where it came from: man ssh-keygen`,
    exit: 2,
  },
  OFFLINE_CA_KEY_REFUSED: {
    message: (p: Fields<"file" | "problem">) => `${p.file} is not signed: ${p.problem}`,
    hint: () => "bring one key each of RSA (2048 bits or more), ECDSA or Ed25519; a host makes its own: ssh-keygen -A",
    exit: 1,
  },
  OFFLINE_CA_ALREADY_CERTIFIED: {
    message: (p: Fields<"name" | "identity" | "until">) =>
      `"${p.name}" has certificates already: ${p.identity}, until ${p.until}`,
    hint: (p: Fields<"verb" | "name" | "dir">) =>
      `to make the next ones and keep these: ssh-trust offline-ca ${p.verb} ${p.name} --renew --dir ${p.dir}`,
    exit: 1,
  },
  OFFLINE_CA_BUSY: {
    message: (p: Fields<"dir" | "seconds">) => `somebody else signs in ${p.dir}; waited ${p.seconds} s`,
    hint: () => "wait until they have ended, then run the same command again; see who it is: pgrep -af offline-ca",
    exit: 1,
  },
  OFFLINE_CA_SERIAL_DAMAGED: {
    message: (p: Fields<"file" | "problem">) => `the serial file ${p.file} cannot be counted on: ${p.problem}`,
    hint: (p: Fields<"file" | "above" | "dir">) =>
      `find out who changed it (ssh-trust offline-ca list --dir ${p.dir}), then go on well above all that was used: echo ${p.above} > ${p.file}`,
    exit: 1,
  },
  OFFLINE_CA_LOG_DAMAGED: {
    message: (p: Fields<"file" | "line">) => `line ${p.line} of ${p.file} is not what was written there`,
    hint: (p: Fields<"file">) =>
      `nothing is signed without a log that is whole; compare it with your copy: diff <copy> ${p.file}`,
    exit: 1,
  },
  OFFLINE_CA_SIGNING_FAILED: {
    message: (p: Fields<"file" | "reason">) => `no certificate was made for ${p.file}: ${p.reason}`,
    hint: () => "only a serial was lost; see what your ssh-keygen is, 8.5 or later: ssh -V",
    exit: 1,
  },
  OFFLINE_CA_UNKNOWN: {
    message: (p: Fields<"kind" | "name">) => `this CA has certified no ${p.kind} "${p.name}"`,
    hint: (p: Fields<"dir">) => `see whom it has: ssh-trust offline-ca list --dir ${p.dir}`,
    exit: 1,
  },
  OFFLINE_CA_VERIFY_FAILED: {
    message: (p: Fields<"count">) => `${p.count} in order`,
    hint: () => "what is wrong stands behind each field; do not install such a certificate",
    exit: 1,
  },
  OFFLINE_CA_MOUNT_MISSING: {
    message: (p: Fields<"mount" | "address">) => `there is no SSH secrets engine at "${p.mount}" of ${p.address}`,
    hint: (p: Fields<"mount">) => `make it: vault secrets enable -path=${p.mount} ssh (or: bao secrets enable …)`,
    exit: 1,
  },
  OFFLINE_CA_MOUNT_TAKEN: {
    message: (p: Fields<"mount" | "key">) => `the mount "${p.mount}" signs with another key already: ${p.key}`,
    hint: () => "a signing key is never replaced; import into a mount of its own: vault secrets enable -path=<mount> ssh",
    exit: 1,
  },
  OFFLINE_CA_IMPORT_IN_CLEAR: {
    message: (p: Fields<"address">) => `the CA's private key would cross the network unencrypted to ${p.address}`,
    hint: () => "use an https address, or import on the machine where Vault runs: VAULT_ADDR=https://…",
    exit: 1,
  },

  TRACE_REFUSED: {
    message: (p: Fields<"phase" | "reason">) => `the login ended in ${p.phase}: ${p.reason}`,
    hint: (p: Fields<"hint">) => p.hint,
    exit: 1,
  },
} as const satisfies Record<string, Entry>;

export type ErrorCode = keyof typeof catalogue;

/** The values that an entry's message and hint are made from. */
export type ErrorFields<C extends ErrorCode> = Parameters<(typeof catalogue)[C]["message"]>[0] &
  ([] extends Parameters<(typeof catalogue)[C]["hint"]> ? unknown : Parameters<(typeof catalogue)[C]["hint"]>[0]);

/** An error of the catalogue. `message` says what happened, `hint` what to do, `exit` is the process's exit status. */
export class SshTrustError extends Error {
  override readonly name = "SshTrustError";

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly hint: string,
    readonly exit: 1 | 2,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * Makes an error of the catalogue; the caller throws it.
 * @example throw fail("VAULT_SEALED", { address: "http://localhost:8200" }, cause)
 */
export function fail<C extends ErrorCode>(code: C, fields: ErrorFields<C>, cause?: unknown): SshTrustError {
  const entry: Entry = catalogue[code];
  const message = entry.message(fields as never);
  const hint = entry.hint(fields as never);
  return new SshTrustError(code, message, hint, entry.exit, cause === undefined ? undefined : { cause });
}

/** Whether `error` is of the catalogue, and of that code where one is given. */
export function isFailure(error: unknown, code?: ErrorCode): error is SshTrustError {
  return error instanceof SshTrustError && (code === undefined || error.code === code);
}

/** What an unknown thrown value says, in one line. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
