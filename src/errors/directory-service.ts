/** Errors of the directory's service. */
import type { Entry, Fields } from "./entry.js";
import { docsPage, verb } from "./hint.js";

export const directoryServiceErrors = {
  DIRECTORY_STARTING: {
    message: () => "the directory has started, and has not read the fleet from Vault yet",
    hint: () => ({ say: "ask again in a few seconds" }),
    exit: 1,
  },
  DIRECTORY_VAULT_SILENT: {
    message: () => "Vault does not answer the directory",
    hint: () => ({
      say: "ask again later; the team that runs the directory finds the reason in its log",
      run: "journalctl -u ssh-trust-directory",
    }),
    exit: 1,
  },
  DIRECTORY_NOT_IN_FLEET: {
    message: () => "the fleet has no directory: the fleet file gives no address for it",
    hint: () => [
      {
        say: "add it to ssh-trust.yaml, as directory: { address: https://directory.example.org }, and apply it",
        run: verb("apply"),
      },
      { say: "what the key means", run: docsPage("directory.md") },
    ],
    exit: 1,
  },
  DIRECTORY_TLS_FILE: {
    message: (p: Fields<"file" | "problem">) => `${p.file} ${p.problem}`,
    hint: () => ({
      say: "--tls-cert names the certificate with those of its intermediate CAs, --tls-key its key, both as PEM; to see what they hold",
      run: "openssl x509 -noout -subject -dates -in <certificate>",
    }),
    exit: 1,
  },
  DIRECTORY_TOKEN_FILE: {
    message: (p: Fields<"file" | "problem">) => `${p.file} ${p.problem}`,
    hint: () => [
      {
        say: "it must hold a Vault token with the directory's policy, on one line; an administrator of Vault creates both",
        run: verb("apply --print-policy directory"),
      },
      { say: "how", run: docsPage("directory.md") },
    ],
    exit: 1,
  },
  DIRECTORY_SESSION_KEY: {
    message: (p: Fields<"file" | "problem">) => `${p.file} ${p.problem}`,
    hint: (p: Fields<"file" | "problem">) => ({
      say: "create one, and give the same file to each instance",
      run: `(umask 077; openssl rand -base64 48 > ${p.file})`,
    }),
    exit: 1,
  },
  DIRECTORY_LISTEN: {
    message: (p: Fields<"address" | "reason">) => `the directory cannot listen on ${p.address}: ${p.reason}`,
    hint: () => ({ say: "find what listens there, or choose another address with --listen", run: "ss -ltnp" }),
    exit: 1,
  },
  DIRECTORY_SIGN_IN_NEEDED: {
    message: () => "this is for people of the fleet: sign in first",
    hint: () => [
      { say: "in a browser, sign in; in a terminal, use", run: verb("hosts") },
      { say: "a program sends a token of Vault in the header X-Vault-Token, or an identity token as a bearer token" },
    ],
    exit: 1,
  },
  DIRECTORY_TOKEN_REFUSED: {
    message: (p: Fields<"reason">) => `the token that was sent is not accepted: ${p.reason}`,
    hint: () => ({ say: "sign in again", run: verb("login") }),
    exit: 1,
  },
  DIRECTORY_HOST_UNKNOWN: {
    message: (p: Fields<"name">) => `the fleet has no host "${p.name}"`,
    hint: () => ({ say: "list its hosts", run: verb("hosts") }),
    exit: 1,
  },
  DIRECTORY_NOT_FOUND: {
    message: (p: Fields<"path">) => `there is nothing at ${p.path}`,
    hint: () => ({ say: "the API is described at /api/v1/openapi.json, and pages begin at /" }),
    exit: 1,
  },
  DIRECTORY_QUERY: {
    message: (p: Fields<"problem">) => `the query cannot be read: ${p.problem}`,
    hint: () => ({ say: "what it may hold is described at /api/v1/openapi.json" }),
    exit: 1,
  },
  DIRECTORY_METHOD: {
    message: (p: Fields<"method" | "path">) => `${p.path} does not accept ${p.method}`,
    hint: () => ({ say: "the API is described at /api/v1/openapi.json" }),
    exit: 1,
  },
  DIRECTORY_FOREIGN_FORM: {
    message: () => "the form was sent by a page that is not the directory's",
    hint: () => ({
      say: "open the directory at the address that the fleet file has as directory.address, and send it from there",
    }),
    exit: 1,
  },
  DIRECTORY_FORM: {
    message: (p: Fields<"problem">) => `the form cannot be read: ${p.problem}`,
    hint: () => ({ say: "send it from the directory's page, or as curl does with --data-urlencode" }),
    exit: 1,
  },
  DIRECTORY_TOO_LARGE: {
    message: (p: Fields<"most">) => `what was sent is longer than ${p.most}`,
    hint: () => ({ say: "send the part of the log that has the fingerprints" }),
    exit: 1,
  },
  DIRECTORY_BUSY: {
    message: (p: Fields<"seconds">) => `too many requests from your address: wait ${p.seconds} s`,
    hint: () => ({ say: "the team that runs the directory can allow more, with --rate" }),
    exit: 1,
  },
  DIRECTORY_SIGN_INS: {
    message: (p: Fields<"seconds">) =>
      `too many people or programs are signing in, or have a token checked, at once: wait ${p.seconds} s`,
    hint: () => ({ say: "this ends by itself; limits.sign-in in the fleet file is what Vault allows per second" }),
    exit: 1,
  },
  DIRECTORY_MISDIRECTED: {
    message: () => "the request is for another server, not for this directory",
    hint: () => ({ say: "use the address that the fleet file has as directory.address" }),
    exit: 1,
  },
  DIRECTORY_FAULT: {
    message: () => "the directory failed to answer; its log says why",
    hint: () => ({ say: "read its log", run: "journalctl -u ssh-trust-directory" }),
    exit: 1,
  },
} as const satisfies Record<string, Entry>;
