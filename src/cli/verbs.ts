/**
 * The verbs of `ssh-trust`, by the words that lead to each. A verb is a file in `verbs/` and an entry here. Its file is loaded
 * when it is called, and not for the help of the words above it: nobody waits for what they did not ask for.
 */
import type { Command } from "commander";

interface Listed {
  /** What it does, for the help. */
  readonly summary: string;
}

interface LoadedVerb extends Listed {
  readonly load: () => Promise<Command>;
}

/** A word that only leads to verbs. */
interface VerbGroup extends Listed {
  /** What follows `ssh-trust <word>`, for the help. */
  readonly examples: readonly string[];
}

export type VerbEntry = LoadedVerb | VerbGroup;

export const verbs: Readonly<Record<string, VerbEntry>> = {
  agent: {
    summary: "makes a certificate for each login with plain ssh",
    examples: ["start", "status", "run --print-unit systemd"],
  },
  "agent run": {
    summary: "runs the agent in the foreground, as a service manager does",
    load: async () => (await import("./verbs/agent/run.js")).run,
  },
  "agent start": {
    summary: "starts the agent in the background; after config install, ssh-trust login does this for you",
    load: async () => (await import("./verbs/agent/start.js")).start,
  },
  "agent stop": {
    summary: "stops the agent, which forgets what it holds",
    load: async () => (await import("./verbs/agent/stop.js")).stop,
  },
  "agent status": {
    summary: "shows what the agent holds, for whom, until when, and what it decided",
    load: async () => (await import("./verbs/agent/status.js")).status,
  },
  apply: {
    summary: "configures Vault as the fleet file says: who may log in where as whom",
    load: async () => (await import("./verbs/apply/apply.js")).apply,
  },
  completion: {
    summary: "prints the script with which bash, zsh or fish complete verbs, options, hosts and accounts",
    load: async () => (await import("./verbs/completion/completion.js")).completion,
  },
  config: {
    summary: "makes plain ssh use the fleet's agent and CAs for the fleet's hosts, with one Include line in ~/.ssh/config",
    examples: ["install", "print", "remove"],
  },
  "config install": {
    summary: "adds the Include line at the top of ~/.ssh/config; first shows what it will do, and what conflicts with it",
    load: async () => (await import("./verbs/config/install.js")).install,
  },
  "config print": {
    summary: "prints the included configuration, for programs that do not read Include",
    load: async () => (await import("./verbs/config/print.js")).print,
  },
  "config remove": {
    summary: "removes what config install wrote: everything else stays as it is, byte for byte",
    load: async () => (await import("./verbs/config/remove.js")).remove,
  },
  directory: {
    summary: "shows the fleet's hosts and their real keys, to browsers and programs",
    examples: ["serve --tls-cert cert.pem --tls-key key.pem"],
  },
  "directory serve": {
    summary: "serves the directory: pages, and an API",
    load: async () => (await import("./verbs/directory/serve.js")).serve,
  },
  host: {
    summary: "adds hosts, shows their state, and removes them (for registrars; people use hosts)",
    examples: ["add web-1.example.org --out user-data", "list", "remove web-1.example.org"],
  },
  "host add": {
    summary: "gives new hosts an identity with Vault, each in a file that can be used once; needs a registrar's VAULT_TOKEN",
    load: async () => (await import("./verbs/host/add.js")).add,
  },
  "host list": {
    summary: "shows all hosts: until when they are certified, what fails, and when they were last seen",
    load: async () => (await import("./verbs/host/list.js")).list,
  },
  "host show": {
    summary: "shows all that is known about a host, and what it reports",
    load: async () => (await import("./verbs/host/show.js")).show,
  },
  "host reissue": {
    summary: "gives a host another identity, for a lost disk or a stolen one: the old one stops working",
    load: async () => (await import("./verbs/host/reissue.js")).reissue,
  },
  "host remove": {
    summary: "removes hosts: nothing more is signed for them",
    load: async () => (await import("./verbs/host/remove.js")).remove,
  },
  "host program": {
    summary: "writes the script that installs ssh-trust-host, for building images: it holds no secret, and fits every host",
    load: async () => (await import("./verbs/host/program.js")).program,
  },
  "host template": {
    summary:
      "writes the file for machines of a group that enrol themselves, with a token of their platform (a cloud, Kubernetes)",
    load: async () => (await import("./verbs/host/template.js")).template,
  },
  hosts: {
    summary: "shows the fleet's hosts as the directory knows them: state and keys; or compares a console's output with them",
    load: async () => (await import("./verbs/hosts.js")).hosts,
  },
  init: {
    summary: "writes a first fleet file: which hosts there are, and who may log in to them",
    load: async () => (await import("./verbs/init.js")).init,
  },
  inspect: {
    summary: "shows certificates and public keys, and says what is wrong with them",
    load: async () => (await import("./verbs/inspect.js")).inspect,
  },
  "known-hosts": {
    summary: "prints the lines of known_hosts with which ssh trusts the fleet's hosts, and no others",
    load: async () => (await import("./verbs/known-hosts.js")).knownHosts,
  },
  login: {
    summary: "signs you in to Vault, for as long as the fleet file says",
    load: async () => (await import("./verbs/sign-in/login.js")).login,
  },
  logout: {
    summary: "ends the sign-in, in Vault and on this machine",
    load: async () => (await import("./verbs/sign-in/logout.js")).logout,
  },
  "offline-ca": {
    summary: "a certificate authority in a folder: for rooms without network, and for roots kept in a safe",
    examples: ["init --domain lab.test", "sign-host web --from incoming/web", "export > known_hosts"],
  },
  "offline-ca init": {
    summary: "creates the CA: three keys for hosts, three for users, each under a passphrase",
    load: async () => (await import("./verbs/offline-ca/init.js")).init,
  },
  "offline-ca sign-host": {
    summary: "certifies a host's keys, for its short name and its name with the domain",
    load: async () => (await import("./verbs/offline-ca/sign-host.js")).signHost,
  },
  "offline-ca sign-user": {
    summary: "certifies a person's key, for the accounts that are named",
    load: async () => (await import("./verbs/offline-ca/sign-user.js")).signUser,
  },
  "offline-ca list": {
    summary: "shows everything that the CA has signed",
    load: async () => (await import("./verbs/offline-ca/list.js")).list,
  },
  "offline-ca verify": {
    summary: "reads certificates back, field by field, and checks them against this CA",
    load: async () => (await import("./verbs/offline-ca/verify.js")).verify,
  },
  "offline-ca export": {
    summary: "prints the lines that clients and hosts need",
    load: async () => (await import("./verbs/offline-ca/export.js")).exportTrust,
  },
  "offline-ca import-to-vault": {
    summary: "makes one of the CA's keys the signing key of a mount of Vault or OpenBao",
    load: async () => (await import("./verbs/offline-ca/import-to-vault.js")).importToVault,
  },
  people: {
    summary: "invites people who have no identity provider, shows who is in which group, and removes people",
    examples: ["add alice --group platform --out alice.invitation", "list", "remove alice"],
  },
  "people add": {
    summary:
      "adds a person, and an invitation that can be used once: with it, they choose a password, and get a second factor; " +
      "needs a people registrar's VAULT_TOKEN",
    load: async () => (await import("./verbs/people/add.js")).add,
  },
  "people list": {
    summary: "lists the people in Vault, how they sign in, and in which groups they are",
    load: async () => (await import("./verbs/people/list.js")).list,
  },
  "people remove": {
    summary: "removes a person: nothing more is signed for them, and their sign-ins end",
    load: async () => (await import("./verbs/people/remove.js")).remove,
  },
  "people reset": {
    summary: "deletes the old password and second factor, and creates a new invitation",
    load: async () => (await import("./verbs/people/reset.js")).reset,
  },
  sign: {
    summary: "gets your own key signed for a group of hosts, for programs that cannot use ssh-trust ssh",
    load: async () => (await import("./verbs/sign.js")).sign,
  },
  ssh: {
    summary: "logs in to a host of the fleet with ssh, and gets a certificate for this login alone",
    load: async () => (await import("./verbs/ssh.js")).ssh,
  },
  synth: {
    summary: "writes the Terraform configuration of SSH CAs in Vault, from a file of roles",
    load: async () => (await import("./verbs/synth.js")).synth,
  },
  trace: {
    summary: "logs in with ssh, and shows what happened: phase by phase, with times and reasons",
    load: async () => (await import("./verbs/trace.js")).trace,
  },
  whoami: {
    summary: "shows who is signed in, until when, and where they may log in",
    load: async () => (await import("./verbs/sign-in/whoami.js")).whoami,
  },
};
