/** Errors of the offline CA. */
import type { Entry, Fields } from "./entry.js";
import { verb, type Advice } from "./hint.js";

export const offlineCaErrors = {
  OFFLINE_CA_MISSING: {
    message: (p: Fields<"dir">) => `there is no offline CA in ${p.dir}`,
    hint: (p: Fields<"dir">) => ({
      say: "name its folder with --dir, or create one",
      run: verb(`offline-ca init --domain example.org --dir ${p.dir}`),
    }),
    exit: 1,
  },
  OFFLINE_CA_EXISTS: {
    message: (p: Fields<"dir" | "what">) => `no CA can be created in ${p.dir}: ${p.what}`,
    hint: (p: Fields<"domain">) => ({
      say: "a CA is never overwritten; name another folder",
      run: verb(`offline-ca init --domain ${p.domain} --dir <folder>`),
    }),
    exit: 1,
  },
  OFFLINE_CA_INCOMPLETE: {
    message: (p: Fields<"dir" | "problem">) => `the offline CA in ${p.dir} is incomplete: ${p.problem}`,
    hint: (p: Fields<"dir">) => ({
      say: "put back what is missing, and only that, from your copy of it",
      run: `cp -an <copy>/. ${p.dir}/`,
    }),
    exit: 1,
  },
  OFFLINE_CA_TOO_OPEN: {
    message: (p: Fields<"folder" | "mode">) => `others can access ${p.folder} (mode ${p.mode}), which holds a CA's private keys`,
    hint: (p: Fields<"folder">) => ({ say: "", run: `chmod 700 ${p.folder}` }),
    exit: 1,
  },
  OFFLINE_CA_KEY_UNPROTECTED: {
    message: (p: Fields<"file">) => `the CA's private key ${p.file} has no passphrase`,
    hint: (p: Fields<"file">) => ({ say: "give it one", run: `chmod 600 ${p.file} && ssh-keygen -p -f ${p.file}` }),
    exit: 1,
  },
  OFFLINE_CA_PASSPHRASE_MISSING: {
    message: () => "the passphrase cannot be asked for: there is no terminal",
    hint: () => ({
      say: "put it into a file that only you can read (chmod 600), and name that",
      run: "--passphrase-file <file>",
    }),
    exit: 2,
  },
  OFFLINE_CA_PASSPHRASE_FILE: {
    message: (p: Fields<"file" | "problem">) => `the passphrase file ${p.file} was rejected: ${p.problem}`,
    hint: (p: Readonly<{ how: Advice }>) => p.how,
    exit: 2,
  },
  OFFLINE_CA_PASSPHRASE_UNFIT: {
    message: (p: Fields<"problem">) => `this passphrase was rejected: ${p.problem}`,
    hint: () => ({ say: "use one line, such as four words or more; no passphrase for a CA is too long" }),
    exit: 2,
  },
  OFFLINE_CA_PASSPHRASE_DIFFERS: {
    message: () => "the two passphrases are not the same",
    hint: () => ({
      say: "nothing was created; run the same command again, or name a file with it",
      run: "--passphrase-file <file>",
    }),
    exit: 2,
  },
  OFFLINE_CA_PASSPHRASE_WRONG: {
    message: (p: Fields<"file">) => `the passphrase does not open ${p.file}`,
    hint: (p: Fields<"file">) => ({
      say: "nothing was signed; try again, or try it by hand",
      run: `ssh-keygen -y -f ${p.file}`,
    }),
    exit: 1,
  },
  OFFLINE_CA_NAME_INVALID: {
    message: (p: Fields<"what" | "name" | "problem">) => `"${p.name}" cannot be the name of a ${p.what}: ${p.problem}`,
    hint: (p: Fields<"rule">) => ({ say: p.rule }),
    exit: 2,
  },
  OFFLINE_CA_VALIDITY_INVALID: {
    message: (p: Fields<"asked" | "problem">) => `a certificate cannot be valid for or until "${p.asked}": ${p.problem}`,
    hint: () => [
      { say: "write --valid 5y (or 26w, 90d, 12h, 30m), or dates in UTC", run: "--valid-from 2026-01-31 --valid-to 2031-01-31" },
    ],
    exit: 2,
  },
  OFFLINE_CA_NO_KEYS: {
    message: (p: Fields<"folder" | "problem">) => `there are no public keys in ${p.folder}: ${p.problem}`,
    hint: (p: Fields<"source" | "into">) => ({
      say: "bring the host's, then name their folder with --from",
      run: `mkdir -p ${p.into} && scp ${p.source} ${p.into}/`,
    }),
    exit: 1,
  },
  OFFLINE_CA_NO_USER_KEY: {
    message: (p: Fields<"name">) => `nothing was signed for "${p.name}" yet, so its public key must be named`,
    hint: (p: Fields<"name">) => ({
      say: "such as",
      run: verb(`offline-ca sign-user ${p.name} --principal <account> id_ed25519.pub`),
    }),
    exit: 1,
  },
  OFFLINE_CA_PRIVATE_KEY_OFFERED: {
    message: (p: Fields<"file">) =>
      `${p.file} is a private key: anyone who has it can act as that host or person, so it was rejected`,
    hint: (p: Fields<"publicFile">) => [
      { say: `name ${p.publicFile}` },
      { say: "if this is a copy, delete it, and create a new key where it came from", run: "man ssh-keygen" },
    ],
    exit: 2,
  },
  OFFLINE_CA_KEY_REFUSED: {
    message: (p: Fields<"file" | "problem">) => `${p.file} is not signed: ${p.problem}`,
    hint: () => ({
      say: "bring one key each of RSA (2048 bits or more), ECDSA or Ed25519; a host makes its own",
      run: "ssh-keygen -A",
    }),
    exit: 1,
  },
  OFFLINE_CA_KEY_OF_ANOTHER: {
    message: (p: Fields<"file" | "key" | "other" | "serial" | "until">) =>
      `${p.file} is not signed: the key ${p.key} belongs to the host "${p.other}" (serial ${p.serial}, until ${p.until})`,
    hint: (p: Fields<"source" | "into">) => [
      {
        say: "each host has its own keys; copy this one's into a separate folder",
        run: `mkdir -p ${p.into} && scp ${p.source} ${p.into}/`,
      },
      {
        say: "on a host that was cloned or renamed, create new ones first",
        run: "rm /etc/ssh/ssh_host_*_key* && ssh-keygen -A",
      },
    ],
    exit: 1,
  },
  OFFLINE_CA_ALREADY_CERTIFIED: {
    message: (p: Fields<"name" | "identity" | "until">) =>
      `"${p.name}" has certificates already: ${p.identity}, until ${p.until}`,
    hint: (p: Fields<"verb" | "name" | "dir">) => ({
      say: "to make the next ones and keep these",
      run: verb(`offline-ca ${p.verb} ${p.name} --renew --dir ${p.dir}`),
    }),
    exit: 1,
  },
  OFFLINE_CA_CLOCK_BACK: {
    message: (p: Fields<"clock" | "what" | "later">) => `the clock says ${p.clock}, but ${p.what} at ${p.later}`,
    hint: (p: Fields<"clock" | "field" | "written" | "file">) => [
      { say: "set the clock, then run the same command again", run: "sudo date -u -s <time>" },
      {
        say: "if it is right now, it was ahead then; to correct what was written",
        run: `sed -i.bak 's/${p.field}${p.written}"/${p.field}${p.clock}"/' ${p.file}`,
      },
    ],
    exit: 1,
  },
  OFFLINE_CA_BUSY: {
    message: (p: Fields<"dir" | "seconds">) => `somebody else is signing in ${p.dir}; waited ${p.seconds} s`,
    hint: () => ({
      say: "wait until they have ended, then run the same command again; see who it is",
      run: "pgrep -af offline-ca",
    }),
    exit: 1,
  },
  OFFLINE_CA_SERIAL_DAMAGED: {
    message: (p: Fields<"file" | "problem">) => `the serial file ${p.file} cannot be trusted: ${p.problem}`,
    hint: (p: Fields<"file" | "above" | "dir">) => [
      { say: "find out who changed it", run: verb(`offline-ca list --dir ${p.dir}`) },
      { say: "then continue well above every serial that was used", run: `echo ${p.above} > ${p.file}` },
    ],
    exit: 1,
  },
  OFFLINE_CA_LOG_DAMAGED: {
    message: (p: Fields<"file" | "line">) => `line ${p.line} of ${p.file} is not what was written there`,
    hint: (p: Fields<"file">) => ({
      say: "nothing is signed without an intact log; compare it with your copy",
      run: `diff <copy> ${p.file}`,
    }),
    exit: 1,
  },
  OFFLINE_CA_SIGNING_FAILED: {
    message: (p: Fields<"file" | "reason">) => `no certificate was made for ${p.file}: ${p.reason}`,
    hint: () => ({ say: "only a serial was lost; check that your ssh-keygen is 8.5 or later", run: "ssh -V" }),
    exit: 1,
  },
  OFFLINE_CA_UNKNOWN: {
    message: (p: Fields<"kind" | "name">) => `this CA has certified no ${p.kind} "${p.name}"`,
    hint: (p: Fields<"dir">) => ({ say: "list all that it has certified", run: verb(`offline-ca list --dir ${p.dir}`) }),
    exit: 1,
  },
  OFFLINE_CA_VERIFY_FAILED: {
    message: (p: Fields<"count">) => `${p.count} in order`,
    hint: () => ({ say: "the problem is shown after each field; do not install such a certificate" }),
    exit: 1,
  },
  OFFLINE_CA_MOUNT_MISSING: {
    message: (p: Fields<"mount" | "address">) => `there is no SSH secrets engine at "${p.mount}" of ${p.address}`,
    hint: (p: Fields<"mount">) => [
      { say: "create it", run: `vault secrets enable -path=${p.mount} ssh` },
      { say: "or", run: `bao secrets enable -path=${p.mount} ssh` },
    ],
    exit: 1,
  },
  OFFLINE_CA_MOUNT_TAKEN: {
    message: (p: Fields<"mount" | "key">) => `the mount "${p.mount}" already signs with another key: ${p.key}`,
    hint: () => ({
      say: "a signing key is never replaced; import into a separate mount",
      run: "vault secrets enable -path=<mount> ssh",
    }),
    exit: 1,
  },
  OFFLINE_CA_IMPORT_NOT_LOGGED: {
    message: (p: Fields<"address" | "mount" | "file" | "reason">) =>
      `${p.address} ${p.mount} has the CA's key, but ${p.file} could not be written: ${p.reason}`,
    hint: () => ({ say: "fix that, then run the same command again: it sends no key, and writes the log" }),
    exit: 1,
  },
  OFFLINE_CA_IMPORT_IN_CLEAR: {
    message: (p: Fields<"address">) => `the CA's private key would cross the network unencrypted to ${p.address}`,
    hint: () => ({
      say: "use an https address, or import on the machine where Vault runs",
      run: "export VAULT_ADDR=https://<server>",
    }),
    exit: 1,
  },
} as const satisfies Record<string, Entry>;
