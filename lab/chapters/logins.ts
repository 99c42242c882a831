/** Parts of commands and sights at the laptop that several chapters show. */
import type { LabNames } from "../names.js";
import { cloudCas } from "../roles.js";
import type { Sight } from "../runner/chapter.js";

/** As everyone types it. */
export const login = (host: string) => `ssh admin-ssh-user@${host} whoami`;

/** Nothing is taken on trust. */
export const strictLogin = (host: string) => `ssh -o StrictHostKeyChecking=yes admin-ssh-user@${host} whoami`;

/** The laptop gets one line for all hosts of the domain: whose signature counts. */
export const trustAtTheLaptop = (names: LabNames) =>
  `{ printf '@cert-authority *.lab.test '; curl -s {{vault}}/v1/${cloudCas.host}/public_key; } | ` +
  `docker exec -i ${names.container("laptop")} tee .ssh/known_hosts`;

/** The public key of the person at the laptop. */
export const keyOfLaptop = (names: LabNames) => `docker exec ${names.container("laptop")} cut -d ' ' -f 1,2 .ssh/id_ed25519.pub`;

/**
 * What ssh(1) calls to connect from the reader's machine to one of the cloud: the laptop passes bytes on, until either side ends. Where
 * only one direction ended, ssh would wait for ever for a host that hung up, and a host for two minutes for an ssh that has gone. (What
 * docker exec starts is a process group of its own.)
 */
export const throughTheLaptop = (names: LabNames) =>
  `docker exec -i ${names.container("laptop")} bash -c "exec 3<>/dev/tcp/%h/%p 4<&0; { cat <&4 >&3; kill 0; } & cat <&3; kill 0"`;

export const loggedIn = /^admin-ssh-user$/m;

/** Logged in, and no word of host keys. */
export const silent = {
  exit: 0,
  text: [loggedIn],
  without: ["authenticity", "Permanently added", "WARNING"],
} as const satisfies Sight;

/** A container stands still. Docker cannot always freeze one at once where a machine is busy, and then can the second time. */
export const pauseOf = (container: string) => `{ docker pause ${container} || docker pause ${container}; }`;
