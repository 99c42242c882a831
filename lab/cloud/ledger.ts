/**
 * What the small cloud remembers beyond its containers: which addresses it handed out last, so that a stopped machine comes
 * back under another one; which elastic addresses it gave names to; and which machines it has terminated.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { writeFileAtomically } from "../../src/ground/atomic-file.js";
import { lock } from "../../src/ground/lock.js";
import { systemCode } from "../../src/ground/system-error.js";
import { fail, reasonOf } from "../errors/catalogue.js";
import type { LabSettings } from "../settings/lab.js";

const ledger = z.object({
  schema: z.literal(1),
  /** Addresses of machines, the one that was handed out last at the end. */
  handedOut: z.array(z.string()),
  /** Elastic addresses by their names. */
  elastic: z.record(z.string(), z.string()),
  /** Where Eve stands or is about to: the service, its address, and the machine that it led to. */
  eve: z.object({ service: z.string(), address: z.string(), victim: z.string() }).optional(),
  /** When each name's machine was terminated, ISO 8601. */
  terminated: z.record(z.string(), z.string()),
});

export type Ledger = z.infer<typeof ledger>;

const fileOf = ({ labDir }: Place) => join(labDir, "cloud.json");
/** Beside it: the ledger itself is replaced with every change, and a lock would go with it. */
const lockOf = ({ labDir }: Place) => join(labDir, "cloud.lock");

type Place = Pick<LabSettings, "labDir">;

/** How long another command's change is waited for. */
const seconds = 30;

/** The ledger; an empty one where there is none. @throws LEDGER_DAMAGED */
export async function readLedger(place: Place): Promise<Ledger> {
  const file = fileOf(place);
  const damaged = (problem: string, cause: unknown) => fail("LEDGER_DAMAGED", { file, problem }, cause);
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if (systemCode(error) !== "ENOENT") throw damaged(reasonOf(error), error);
    return { schema: 1, handedOut: [], elastic: {}, terminated: {} };
  }
  try {
    return ledger.parse(JSON.parse(text));
  } catch (error) {
    throw damaged(error instanceof SyntaxError ? "it is not JSON" : "it does not hold what this version wrote", error);
  }
}

/** Changes it while nobody else does. @returns what it is then. @throws LEDGER_BUSY, LEDGER_DAMAGED */
export async function changeLedger(place: Place, change: (before: Ledger) => Ledger): Promise<Ledger> {
  await mkdir(place.labDir, { recursive: true });
  const lockFile = lockOf(place);
  await writeFile(lockFile, "", { flag: "a", mode: 0o600 });
  const release = await lock(lockFile, seconds);
  if (release === undefined) throw fail("LEDGER_BUSY", { file: fileOf(place), seconds: String(seconds) });
  try {
    const after = change(await readLedger(place));
    await writeFileAtomically(fileOf(place), `${JSON.stringify(after, null, 2)}\n`, 0o644);
    return after;
  } finally {
    await release();
  }
}
