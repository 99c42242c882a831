/** Errors of the Docker engine, its images, containers and ports. */
import type { Entry, Fields } from "../../src/errors/entry.js";
import { task } from "./task.js";
import { filtersOf } from "../docker/owner.js";
import { shellWord } from "../../src/ground/shell-word.js";

export const dockerErrors = {
  DOCKER_DOWN: {
    message: (p: Fields<"where">) => `no Docker engine answers at ${p.where}`,
    hint: () => [
      {
        say: "start Docker, or install and start it (Debian or Ubuntu, as root)",
        run: task("prepare", "--install"),
      },
      { say: "for the engine of a docker context, set DOCKER_HOST", run: "docker context ls" },
    ],
    exit: 1,
  },
  DOCKER_PERMISSION: {
    message: (p: Fields<"where">) => `you may not use the Docker engine at ${p.where}`,
    hint: () => ({ say: "join its group and log in again", run: "sudo usermod -aG docker $USER" }),
    exit: 1,
  },
  DOCKER_TOO_OLD: {
    message: (p: Fields<"version" | "needed">) => `the Docker engine is ${p.version}, but ${p.needed} or later is needed`,
    hint: () => ({ say: "upgrade Docker, or point DOCKER_HOST at a newer engine" }),
    exit: 1,
  },
  DOCKER_FAILED: {
    message: (p: Fields<"what" | "reason">) => `Docker could not ${p.what}: ${p.reason}`,
    hint: () => ({ say: "remove what the lab made, then run the same command again", run: task("clean") }),
    exit: 1,
  },
  IMAGE_BUILD_FAILED: {
    message: (p: Fields<"image" | "reason">) => `the image ${p.image} could not be built: ${p.reason}`,
    hint: () => ({ say: "the build needs Debian's packages: check the network, then run", run: task("prepare") }),
    exit: 1,
  },
  IMAGE_MISSING: {
    message: (p: Fields<"image">) => `the image ${p.image} is not here, and cannot be pulled`,
    hint: () => ({ say: "unset VAULT_IMAGE to build one, or load it first", run: "docker load" }),
    exit: 1,
  },
  LAB_TAKEN: {
    message: (p: Fields<"what" | "lab" | "checkout">) =>
      `${p.what} is in use by the lab "${p.lab}" of another checkout, ${p.checkout}`,
    hint: (p: Fields<"checkout" | "lab">) => [
      { say: "give this lab a name of its own", run: `export SSH_TRUST_LAB=${p.lab === "second" ? "third" : "second"}` },
      { say: "or remove the other", run: `(cd ${shellWord(p.checkout)} && SSH_TRUST_LAB=${p.lab} ${task("clean")})` },
      {
        say: "or, if that checkout no longer exists, remove what it left",
        run: `docker ps -aq ${filtersOf(p)} | xargs -r docker rm -f; docker network prune -f ${filtersOf(p)}`,
      },
    ],
    exit: 1,
  },
  CONTAINER_NAME_TAKEN: {
    message: (p: Fields<"name">) => `a container named "${p.name}" exists, and it is not this project's`,
    hint: (p: Fields<"name">) => ({ say: "rename it", run: `docker rename ${p.name} ${p.name}-old` }),
    exit: 1,
  },
  CONTAINER_NOT_READY: {
    message: (p: Fields<"name" | "waited" | "log">) =>
      `container "${p.name}" did not become ready: waited for ${p.waited}${p.log}`,
    hint: (p: Fields<"again">) => ({ say: "the reason is in the log above; try again", run: p.again }),
    exit: 1,
  },
  PORT_TAKEN: {
    message: (p: Fields<"port" | "holder" | "wanted">) => `port ${p.port} is taken by ${p.holder}; ${p.wanted} needs it`,
    hint: (p: Fields<"port">) => [
      { say: `stop what listens on 127.0.0.1:${p.port}, then run the same command again` },
      { say: "or give this lab another name, and with it other ports", run: "export SSH_TRUST_LAB=<name>" },
    ],
    exit: 1,
  },
} as const satisfies Record<string, Entry>;
