/**
 * What the small cloud remembers beyond its containers: which addresses it handed out last, so that a stopped machine comes
 * back under another one; which elastic addresses it gave names to; and which machines it has terminated.
 */
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { writeFileAtomically } from "../../src/ground/atomic-file.js";
import type { Settings } from "../../src/settings.js";

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

const fileOf = ({ labDir }: Settings) => join(labDir, "cloud.json");

/** The ledger; an empty one where there is none that can be read. */
export async function readLedger(settings: Settings): Promise<Ledger> {
  try {
    return ledger.parse(JSON.parse(await readFile(fileOf(settings), "utf8")));
  } catch {
    return { schema: 1, handedOut: [], elastic: {}, terminated: {} }; // the containers themselves say what is in use
  }
}

export async function changeLedger(settings: Settings, change: (before: Ledger) => Ledger): Promise<void> {
  await mkdir(settings.labDir, { recursive: true });
  const after = change(await readLedger(settings));
  await writeFileAtomically(fileOf(settings), `${JSON.stringify(after, null, 2)}\n`, 0o644);
}
