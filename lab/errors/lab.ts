/** Errors of the lab: machines, addresses, Eve, the object store, chapters. */
import type { Entry, Fields } from "../../src/errors/entry.js";
import type { Advice } from "../../src/errors/hint.js";
import { task } from "./task.js";

export const labErrors = {
  OPTION_KEPT_BY_NPM: {
    message: (p: Fields<"options">) => `npm kept ${p.options} for itself: options for the task go after "--"`,
    hint: (p: Fields<"call" | "options">) => ({ say: "write it after the --", run: `${p.call} … ${p.options}` }),
    exit: 2,
  },
  USER_UNKNOWN: {
    message: (p: Fields<"user" | "known">) => `there is no user "${p.user}" in the lab (there are: ${p.known})`,
    hint: () => ({ say: "name one of them", run: task("sign-user-key", "alice") }),
    exit: 2,
  },
  VAULT_NOT_REACHABLE_FROM_CONTAINERS: {
    message: (p: Fields<"address">) =>
      `${p.address} is this machine's own address, so the lab's containers cannot reach that Vault`,
    hint: () => ({
      say: "set VAULT_CONTAINER_ADDR to an address that containers can reach, such as",
      run: "export VAULT_CONTAINER_ADDR=http://172.17.0.1:8200",
    }),
    exit: 1,
  },
  MACHINE_UNKNOWN: {
    message: (p: Fields<"name" | "known">) => `there is no machine "${p.name}" in the cloud (there are: ${p.known})`,
    hint: (p: Fields<"name">) => [
      { say: "see them all", run: task("cloud", "list") },
      { say: "or launch it", run: task("cloud", `launch ${p.name}`) },
    ],
    exit: 1,
  },
  MACHINE_NAME_INVALID: {
    message: (p: Fields<"name" | "of">) => `"${p.name}" cannot be the name of a ${p.of}`,
    hint: () => ({
      say: "at most 32 lower-case letters, digits and hyphens, a letter first; eve, laptop, localhost and objects are taken",
    }),
    exit: 2,
  },
  NAME_TAKEN: {
    message: (p: Fields<"name" | "what">) =>
      `"${p.name}" is the name of ${p.what} already: machines and services share their names`,
    hint: () => ({ say: "take another name; see those that are taken", run: task("cloud", "list") }),
    exit: 1,
  },
  MACHINE_EXISTS: {
    message: (p: Fields<"name" | "state">) => `the machine "${p.name}" already exists (${p.state})`,
    hint: (p: Fields<"name">) => ({ say: "take another name, or end it first", run: task("cloud", `terminate ${p.name}`) }),
    exit: 1,
  },
  MACHINE_WRONG_STATE: {
    message: (p: Fields<"doing" | "state">) => `cannot ${p.doing}: it is ${p.state}`,
    hint: (p: Readonly<{ how: Advice | readonly Advice[] }>) => p.how,
    exit: 1,
  },
  ADDRESS_IN_USE: {
    message: (p: Fields<"address" | "holder">) => `the address ${p.address} is in use by ${p.holder}`,
    hint: () => [
      { say: "see who has which", run: task("cloud", "list") },
      { say: "if it is Eve, stop her", run: task("eve", "stop") },
    ],
    exit: 1,
  },
  SUBNET_TAKEN: {
    message: (p: Fields<"network" | "subnet" | "by">) =>
      `the network ${p.network} needs the addresses ${p.subnet}, but this machine is on them already: ${p.by}`,
    hint: () => [
      { say: "leave that network or VPN while the lab runs, then run the same command again" },
      { say: "or give this lab another name, and with it other networks", run: "export SSH_TRUST_LAB=<name>" },
    ],
    exit: 1,
  },
  OBJECT_STORE_FAILED: {
    message: (p: Fields<"what" | "reason">) => `the lab's object store could not ${p.what}: ${p.reason}`,
    hint: () => ({
      say: "start again with an empty one",
      run: `${task("stop-object-store")} && ${task("start-object-store")}`,
    }),
    exit: 1,
  },
  OBJECT_STORE_DOWN: {
    message: (p: Fields<"address">) => `the lab's object store does not answer at ${p.address}`,
    hint: () => ({ say: "start it", run: task("start-object-store") }),
    exit: 1,
  },
  PUBLISHED_KEYS_INVALID: {
    message: (p: Fields<"machine" | "what">) => `what the machine "${p.machine}" published is not its host keys: ${p.what}`,
    hint: (p: Fields<"machine">) => ({
      say: "do not connect to it; relaunch it",
      run: `${task("cloud", `terminate ${p.machine}`)} && ${task("cloud", `launch ${p.machine} --publish`)}`,
    }),
    exit: 1,
  },
  EVE_TARGET_REFUSED: {
    message: (p: Fields<"target" | "known">) =>
      `"${p.target}" is not a service of the lab's own cloud, so Eve does not impersonate it (there are: ${p.known})`,
    hint: () => ({
      say: "create one",
      run: `${task("cloud", "launch web")} && ${task("cloud", "associate www web")} && ${task("eve", "start www")}`,
    }),
    exit: 2,
  },
  EVE_BUSY: {
    message: (p: Fields<"service">) => `an Eve already impersonates ${p.service}`,
    hint: () => ({ say: "end that first", run: task("eve", "stop") }),
    exit: 1,
  },
  ADDRESS_INVALID: {
    message: (p: Fields<"address" | "first" | "last">) => `${p.address} is not an address of the cloud's machines`,
    hint: (p: Fields<"first" | "last">) => ({ say: `take one from ${p.first} to ${p.last}, or leave --address out` }),
    exit: 2,
  },
  LEDGER_DAMAGED: {
    message: (p: Fields<"file" | "problem">) => `the small cloud's ledger ${p.file} cannot be read: ${p.problem}`,
    hint: (p: Fields<"file">) => ({
      say: "remove it: it is rebuilt from the machines; only addresses without a machine lose their names",
      run: `rm ${p.file}`,
    }),
    exit: 1,
  },
  LEDGER_BUSY: {
    message: (p: Fields<"file" | "seconds">) => `another command is changing ${p.file}; waited ${p.seconds} s`,
    hint: () => ({ say: "wait until it has ended, then run the same command again; see which it is", run: "pgrep -af scripts/" }),
    exit: 1,
  },
  CHAPTER_UNKNOWN: {
    message: (p: Fields<"chapter" | "last">) => `there is no chapter ${p.chapter} (they go from 1 to ${p.last})`,
    hint: () => ({ say: "see them all", run: task("walkthrough", "--list") }),
    exit: 2,
  },
  MATRIX_NOT_AS_EXPECTED: {
    message: (p: Fields<"count">) => `${p.count} cells of the matrix were not as expected`,
    hint: () => ({
      say: "the list under the table says what was seen in each; one release at a time",
      run: task("matrix", "--versions trixie"),
    }),
    exit: 1,
  },
  CLAIM_FAILED: {
    message: (p: Fields<"count">) => `${p.count} did not show what was expected`,
    hint: () => ({
      say: "the table above marks which, and what was missing; to start again from nothing",
      run: task("clean"),
    }),
    exit: 1,
  },
} as const satisfies Record<string, Entry>;
