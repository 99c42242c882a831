/** What is kept of a sign-in, from one call to the next: a file for each server, in memory, that only its owner can read. */
import { createHash } from "node:crypto";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { writeFileAtomically } from "../../ground/atomic-file.js";
import { methodNames } from "../sign-in/methods.js";

export const keptTls = z.object({
  caCert: z.string().exactOptional(),
  caText: z.string().exactOptional(),
  client: z.object({ cert: z.string(), key: z.string() }).exactOptional(),
  serverName: z.string().exactOptional(),
});
const session = z.object({
  schema: z.literal(1),
  address: z.string(),
  namespace: z.string().optional(),
  tls: keptTls,
  method: z.enum(methodNames),
  mount: z.string(),
  user: z.string().optional(),
  role: z.string().optional(),
  /** A secret. Where it is left out, the vault command's token helper has it. */
  token: z.string().optional(),
  /** Milliseconds since 1970, by this machine's clock; undefined: the token has no end. */
  until: z.number().optional(),
  began: z.number(),
});

/** Times are milliseconds since 1970, by this machine's clock. */
export type Session = Omit<z.output<typeof session>, "schema">;

export interface Sessions {
  /** Where they are kept. */
  readonly folder: string;
  /** The one of a server; of all servers the last one that began, where none is named. */
  find(server?: Server): Promise<Session | undefined>;
  all(): Promise<readonly Session[]>;
  keep(session: Session): Promise<void>;
  /** Nothing happens where there is none. */
  forget(server: Server): Promise<void>;
  fileOf(server: Server): string;
}

type Server = Pick<Session, "address" | "namespace">;

const ending = ".json";

/** @param folder in memory, with mode 0700 */
export function openSessions(folder: string): Sessions {
  const fileOf = ({ address, namespace = "" }: Server) =>
    join(folder, `${createHash("sha256").update(`${address}\n${namespace}`).digest("hex").slice(0, 16)}${ending}`);
  const all = async () => {
    const names = (await readdir(folder)).filter((name) => name.endsWith(ending));
    const found = await Promise.all(names.map((name) => read(join(folder, name))));
    return found.filter((each) => each !== undefined).sort((one, other) => other.began - one.began);
  };
  return {
    folder,
    fileOf,
    all,
    find: async (server) => (server === undefined ? (await all())[0] : read(fileOf(server))),
    keep: (kept) => writeFileAtomically(fileOf(kept), `${JSON.stringify({ schema: 1, ...kept })}\n`, 0o600),
    forget: (server) => rm(fileOf(server), { force: true }),
  };
}

/** One that cannot be read is none: whoever signs in again writes it anew. */
async function read(file: string): Promise<Session | undefined> {
  try {
    return session.parse(JSON.parse(await readFile(file, "utf8")));
  } catch {
    return undefined;
  }
}
