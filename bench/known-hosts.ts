/**
 * What a long known_hosts costs at a login: one of 1, 10,000 and 100,000 lines, plain and hashed, with the host's own line
 * at the end, against one line that trusts the host CA.
 */
import { account, hostName } from "../lab/story.js";
import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { execa } from "execa";
import { print } from "../src/terminal/report.js";
import { table } from "../src/terminal/table.js";
import type { Lab } from "../lab/lab.js";
import { performNeeds } from "../lab/tasks.js";
import { hashedName, saltLength } from "../src/ssh/hashed-name.js";
import { parsePublicKey } from "../src/ssh/public-key.js";
import { wireString } from "../src/ssh/wire.js";
import { sshVersion } from "../src/trace/ssh-version.js";
import { openTemporaryFolder, removeLeftovers } from "../src/toolchain/temporary-folder.js";
import { median } from "./median.js";

const plain = "ssh-ed25519";
const certified = "ssh-ed25519-cert-v01@openssh.com";

const lengths = [1, 10_000, 100_000] as const;
/** How a line's name is written. */
type Written = (name: string) => string;
const ways: Readonly<Record<string, Written>> = {
  plain: (name) => name,
  hashed: (name) => hashedName(name, randomBytes(saltLength)),
};

/** One known_hosts to log in with. */
interface Way {
  readonly what: string;
  /** Seen from the project's folder: an option's value takes blanks and per cent signs for more than they are. */
  readonly file: string;
  /** The one algorithm for host keys that ssh may agree on, so that the file's line decides and no other. */
  readonly algorithm: string;
}

/** Writes a file's lines; answers with its path, as in `Way`. */
type Place = (name: string, lines: readonly string[]) => Promise<string>;

const portOf = ({ names }: Lab) => names.ports["ssh-with-signed-hostkey"];

export async function knownHosts(lab: Lab, rounds: number): Promise<void> {
  await performNeeds(lab, "bench", ["create-known-hosts", "start-ssh-with-signed-hostkey"]);
  const { labDir, root, knownHosts: authority } = lab.settings;
  await removeLeftovers(labDir);
  await using folder = await openTemporaryFolder(labDir);
  const byAuthority: Way = { what: "@cert-authority, 1 line", file: relative(root, authority), algorithm: certified };
  const place: Place = async (name, lines) => {
    const path = join(folder.path, name);
    await writeFile(path, lines.map((line) => `${line}\n`).join(""));
    return relative(root, path);
  };
  await checkRefusal(lab, place);
  const all = [byAuthority, ...(await writeFiles(lab, place, await askHostKey(lab, byAuthority)))];

  const times = new Map(all.map((way) => [way, [] as number[]]));
  await lab.progress.during("measuring logins", async (detail) => {
    for (let round = 1; round <= rounds; round++) {
      detail(`round ${String(round)} of ${String(rounds)}`);
      for (const [way, taken] of times) taken.push(await timeOf(() => login(lab, way)));
    }
  });

  const reference = median(times.get(byAuthority) ?? []);
  const rows = [...times].map(([{ what }, taken]) => row(what, median(taken), reference));
  print(table([[`a login, by ${(await sshVersion()).name}`, "      ms", " ratio"], ...rows]));
  const howOften = rounds === 1 ? "1 round" : `${String(rounds)} rounds`;
  print(`medians of ${howOften}, the ways in turns; the ratio is to the one @cert-authority line`);
}

const row = (what: string, took: number, reference: number) => [
  what,
  took.toFixed(0).padStart(8),
  (took / reference).toFixed(2).padStart(6),
];

/**
 * Asks the host for its plain key over a login that the CA's line has decided. That warms up both ends, too.
 * @returns as in a `.pub` file, without a comment
 */
async function askHostKey(lab: Lab, byAuthority: Way): Promise<string> {
  const { type, blob } = parsePublicKey(await login(lab, byAuthority, "cat /etc/ssh/ssh_host_ed25519_key.pub"), "the host's key");
  return `${type} ${blob.toString("base64")}`;
}

/** Writes a known_hosts of each length in each way; the last line is the host's own. */
async function writeFiles(lab: Lab, place: Place, ownKey: string): Promise<Way[]> {
  const made: Way[] = [];
  for (const [way, written] of Object.entries(ways)) {
    const others = Array.from({ length: Math.max(...lengths) - 1 }, (_, at) => other(written, at));
    const own = `${written(`[${hostName}]:${String(portOf(lab))}`)} ${ownKey}`;
    for (const length of lengths) {
      const file = await place(`${way}-${String(length)}`, [...others.slice(0, length - 1), own]);
      const lines = length === 1 ? "1 line" : `${length.toLocaleString("en-US")} lines`;
      made.push({ what: `${way}, ${lines}`, file, algorithm: plain });
    }
  }
  return made;
}

/** All other hosts have this one key: ssh reads a line's key only when the name is the one that it looks for. */
const otherKey = `${plain} ${Buffer.concat([wireString(plain), wireString(Buffer.alloc(32, 7))]).toString("base64")}`;

const other = (written: Written, at: number) => `${written(`host-${String(at)}.example.org`)} ${otherKey}`;

/** Makes sure that lines of other hosts let nobody log in. */
async function checkRefusal(lab: Lab, place: Place): Promise<void> {
  const file = await place(
    "others",
    Object.values(ways).map((written) => other(written, 0)),
  );
  for (const algorithm of [plain, certified]) {
    const { exitCode, stderr } = await ssh(lab, { file, algorithm }, "true");
    const isRefused = exitCode === 255 && stderr.includes("Host key verification failed");
    if (!isRefused) throw new Error(`by ${algorithm}, ssh did not refuse a host that known_hosts does not name: ${stderr}`);
  }
}

/** @returns what the command printed */
async function login(lab: Lab, way: Way, wanted = "true"): Promise<string> {
  const { exitCode, stdout, stderr } = await ssh(lab, way, wanted);
  if (exitCode !== 0) throw new Error(`${way.what}: the login failed: ${stderr}`);
  return stdout;
}

/** Strict, and by that file alone: exit status 0 says that a line of it vouched for the host. */
function ssh(lab: Lab, { file, algorithm }: Omit<Way, "what">, wanted: string) {
  const options = {
    BatchMode: "yes",
    StrictHostKeyChecking: "yes",
    UserKnownHostsFile: file,
    GlobalKnownHostsFile: "none",
    UpdateHostKeys: "no",
    HostKeyAlgorithms: algorithm,
    IdentitiesOnly: "yes",
    IdentityAgent: "none",
  };
  const given = Object.entries(options).flatMap((option) => ["-o", option.join("=")]);
  const who = ["-p", String(portOf(lab)), "-i", `${lab.names.keys}/bob_id_rsa`, `${account}@${hostName}`];
  return execa("ssh", ["-F", "none", ...given, ...who, wanted], {
    cwd: lab.settings.root,
    stdin: "ignore",
    reject: false,
    timeout: 60_000,
  });
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}
