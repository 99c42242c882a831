/** What is kept of a sign-in, from one call to the next: a file for each server, in memory, that only its owner can read. */
import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { open, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { writeFileAtomically } from "../../ground/atomic-file.js";
import { makeFolder } from "../../ground/make-folder.js";
import { methodNames } from "../sign-in/methods.js";

const tls = z.object({
  caCert: z.string().exactOptional(),
  caPath: z.string().exactOptional(),
  caText: z.string().exactOptional(),
  client: z.object({ cert: z.string(), key: z.string() }).exactOptional(),
  serverName: z.string().exactOptional(),
});

/** Where and how somebody signed in, as a file has it. Nothing of it is a secret. */
export const keptPlace = z.object({
  schema: z.literal(1),
  address: z.string(),
  namespace: z.string().optional(),
  tls,
  method: z.enum(methodNames),
  mount: z.string(),
  user: z.string().optional(),
  role: z.string().optional(),
});

const session = keptPlace.extend({
  /** A secret. Where it is left out, the vault command's token helper has it. */
  token: z.string().optional(),
  /** SHA-256 of the token, in hex: what the helper has may be another one by now. */
  tokenHash: z.string().optional(),
  /** Milliseconds since 1970, by this machine's clock; undefined: the token has no end. */
  until: z.number().optional(),
  began: z.number(),
});

/** Times are milliseconds since 1970, by this machine's clock. */
export type Session = Omit<z.output<typeof session>, "schema">;

export const hashOf = (token: string): string => createHash("sha256").update(token).digest("hex");

export interface Sessions {
  find(server: Server): Promise<Session | undefined>;
  /** The last one that began comes first. */
  all(): Promise<readonly Session[]>;
  keep(session: Session): Promise<void>;
  /** Nothing happens where there is none. */
  forget(server: Server): Promise<void>;
  fileOf(server: Server): string;
}

type Server = Pick<Session, "address" | "namespace">;

const ending = ".json";

/** @param folder of mode 0700; made when something is kept. Where tokens are kept in it, it is in memory */
export function openSessions(folder: string): Sessions {
  const fileOf = ({ address, namespace = "" }: Server) =>
    join(folder, `${createHash("sha256").update(`${address}\n${namespace}`).digest("hex").slice(0, 16)}${ending}`);
  return {
    fileOf,
    find: (server) => read(fileOf(server)),
    async all() {
      const names = await readdir(folder).catch(() => []);
      const found = await Promise.all(names.filter((name) => name.endsWith(ending)).map((name) => read(join(folder, name))));
      return found.filter((each) => each !== undefined).sort((one, other) => other.began - one.began);
    },
    async keep(kept) {
      await makeFolder(folder, 0o700);
      await writeFileAtomically(fileOf(kept), `${JSON.stringify({ schema: 1, ...kept })}\n`, 0o600);
    },
    forget: (server) => rm(fileOf(server), { force: true }),
  };
}

/** Several places: whatever is kept in one of them, is not in the others any more. */
export function together(places: readonly Sessions[], placeOf: (session: Session) => Sessions): Omit<Sessions, "fileOf"> {
  return {
    async find(server) {
      for (const place of places) {
        const found = await place.find(server);
        if (found !== undefined) return found;
      }
      return undefined;
    },
    all: async () => (await Promise.all(places.map((place) => place.all()))).flat().sort((one, other) => other.began - one.began),
    async keep(session) {
      await placeOf(session).keep(session);
      for (const place of places) if (place !== placeOf(session)) await place.forget(session);
    },
    async forget(server) {
      for (const place of places) await place.forget(server);
    },
  };
}

/** One that cannot be read is none: whoever signs in again writes it anew. */
async function read(file: string): Promise<Session | undefined> {
  try {
    // A link, or another user's file, would be somebody's trick.
    await using opened = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW);
    const { uid, mode } = await opened.stat();
    if (uid !== process.getuid?.() || (mode & 0o077) !== 0) return undefined;
    return session.parse(JSON.parse(await opened.readFile("utf8")));
  } catch {
    return undefined;
  }
}
