/** Where somebody signed in last, for the next time: it outlives the sign-in, and holds no secret. */
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { writeFileAtomically } from "../../ground/atomic-file.js";
import { makeFolder } from "../../ground/make-folder.js";
import type { Remembered } from "../sign-in/where.js";
import { keptPlace } from "./session.js";

/** What cannot be read is not remembered. */
export async function recall(file: string): Promise<Remembered | undefined> {
  try {
    return keptPlace.parse(JSON.parse(await readFile(file, "utf8")));
  } catch {
    return undefined;
  }
}

/** Where it cannot be written, it is typed again the next time. */
export async function remember(file: string, { address, namespace, tls, method, mount, user, role }: Remembered): Promise<void> {
  try {
    await makeFolder(dirname(file), 0o700);
    await writeFileAtomically(
      file,
      `${JSON.stringify({ schema: 1, address, namespace, tls, method, mount, user, role })}\n`,
      0o600,
    );
  } catch {
    return;
  }
}
