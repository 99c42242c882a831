/** Errors of the lab: machines, addresses, Eve, the object store, chapters. */
import type { Entry, Fields } from "../../src/errors/entry.js";

export const labErrors = {
  MACHINE_UNKNOWN: {
    message: (p: Fields<"name" | "known">) => `there is no machine "${p.name}" in the cloud (there are: ${p.known})`,
    hint: (p: Fields<"name">) => `see them all: npm run cloud -- list; or launch it: npm run cloud -- launch ${p.name}`,
    exit: 1,
  },
  MACHINE_NAME_INVALID: {
    message: (p: Fields<"name" | "of">) => `"${p.name}" cannot be the name of a ${p.of}`,
    hint: () => "at most 32 lower-case letters, digits and hyphens, a letter first; eve, laptop, localhost and objects are taken",
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
    message: (p: Fields<"doing" | "state">) => `cannot ${p.doing}: it is ${p.state}`,
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
  OBJECT_STORE_FAILED: {
    message: (p: Fields<"what" | "reason">) => `the lab's object store could not ${p.what}: ${p.reason}`,
    hint: () => "begin with an empty one: npm run stop-object-store && npm run start-object-store",
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
} as const satisfies Record<string, Entry>;
