/** What is kept of a sign-in, from one call to the next: a file for each server, in memory, that only its owner can read. */
import { createHash, randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { open, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { writeFileAtomically } from "../../ground/atomic-file.js";
import { makeFolder } from "../../ground/make-folder.js";
import { nameAnew } from "../../ground/new-file.js";
import { systemCode } from "../../ground/system-error.js";
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
  /** The last one that began comes first. */
  all(): Promise<readonly Session[]>;
  /** @returns those that it replaces: of several who replace one at the same time, one gets it, so that its token is ended */
  keep(session: Session): Promise<readonly Session[]>;
  /**
   * Writes one anew that is still there as it was: what somebody ended or replaced meanwhile stays so.
   * @returns whether it was
   */
  replace(before: Session, after: Session): Promise<boolean>;
  /** Forgets one. @returns it; undefined where there is none, or where somebody else took it at the same time */
  take(server: Server): Promise<Session | undefined>;
  fileOf(server: Server): string;
}

type Server = Pick<Session, "address" | "namespace">;

const ending = ".json";

/** @param folder of mode 0700; made when something is kept. Where tokens are kept in it, it is in memory */
export function openSessions(folder: string): Sessions {
  const fileOf = ({ address, namespace = "" }: Server) =>
    join(folder, `${createHash("sha256").update(`${address}\n${namespace}`).digest("hex").slice(0, 16)}${ending}`);
  const own = () => join(folder, `.tmp-session-${randomBytes(8).toString("hex")}`);
  async function takeFile(file: string): Promise<Session | undefined> {
    const taken = own();
    try {
      await rename(file, taken);
    } catch (error) {
      if (systemCode(error) === "ENOENT") return undefined;
      throw error;
    }
    const found = await read(taken);
    await rm(taken, { force: true });
    return found;
  }
  return {
    fileOf,
    async all() {
      const names = await readdir(folder).catch((error: unknown) => {
        if (passing.includes(systemCode(error) ?? "")) throw error;
        return [];
      });
      const found = await Promise.all(names.filter((name) => name.endsWith(ending)).map((name) => read(join(folder, name))));
      return found.filter((each) => each !== undefined).sort((one, other) => other.began - one.began);
    },
    async keep(kept) {
      await makeFolder(folder, 0o700);
      const [draft, file] = [own(), fileOf(kept)];
      const before: Session[] = [];
      try {
        await writeFileAtomically(draft, textOf(kept), 0o600);
        for (;;) {
          const found = await takeFile(file);
          if (found !== undefined) before.push(found);
          if (await isNamed(draft, file)) return before;
        }
      } finally {
        await rm(draft, { force: true });
      }
    },
    replace: (before, after) => replaceIn(fileOf(before), before, after),
    take: (server) => takeFile(fileOf(server)),
  };
}

/**
 * In the file itself, and in one write: whoever takes it away takes what is written, too, so that a sign-in that was ended never comes
 * back under its name.
 */
async function replaceIn(file: string, before: Session, after: Session): Promise<boolean> {
  try {
    await using opened = await open(file, constants.O_RDWR | constants.O_NOFOLLOW);
    const there = await opened.readFile();
    const found = session.safeParse(JSON.parse(there.toString("utf8")));
    if (!found.success || !isSame(found.data, before)) return false;
    const text = Buffer.from(textOf(after).trimEnd());
    // A longer one would be seen in part. Of a shorter one, blanks overwrite what was there: they are no part of JSON.
    if (text.length > there.length) return false;
    await opened.write(Buffer.concat([text, Buffer.alloc(there.length - text.length, " ")]), 0, there.length, 0);
    return true;
  } catch (error) {
    if (systemCode(error) === "ENOENT") return false;
    throw error;
  }
}

const isSame = (one: Session, other: Session): boolean =>
  one.token === other.token && one.tokenHash === other.tokenHash && one.began === other.began && one.until === other.until;

const textOf = (kept: Session) => `${JSON.stringify({ schema: 1, ...kept })}\n`;

/** Several places: whatever is kept in one of them, is not in the others any more. */
export function together(places: readonly Sessions[], placeOf: (session: Session) => Sessions): Omit<Sessions, "fileOf"> {
  return {
    all: async () => (await Promise.all(places.map((place) => place.all()))).flat().sort((one, other) => other.began - one.began),
    async keep(session) {
      const before = await placeOf(session).keep(session);
      const others = await takeFrom(
        places.filter((place) => place !== placeOf(session)),
        session,
      );
      return [...before, ...others];
    },
    replace: async (session, after) => await placeOf(session).replace(session, after),
    take: async (server) => (await takeFrom(places, server))[0],
  };
}

async function takeFrom(places: readonly Sessions[], server: Server): Promise<readonly Session[]> {
  const found = await Promise.all(places.map((place) => place.take(server)));
  return found.filter((each) => each !== undefined);
}

/** @returns false where somebody else was quicker */
const isNamed = (draft: string, file: string): Promise<boolean> =>
  nameAnew(draft, file).then(
    () => true,
    (error: unknown) => {
      if (systemCode(error) === "EEXIST") return false;
      throw error;
    },
  );

/** One that cannot be read is none: whoever signs in again writes it anew. */
async function read(file: string): Promise<Session | undefined> {
  try {
    // A link, or another user's file, would be somebody's trick.
    await using opened = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW);
    const { uid, mode } = await opened.stat();
    if (uid !== process.getuid?.() || (mode & 0o077) !== 0) return undefined;
    return session.parse(JSON.parse(await opened.readFile("utf8")));
  } catch (error) {
    if (passing.includes(systemCode(error) ?? "")) throw error;
    return undefined;
  }
}

/** They say nothing of the file: the process or the machine is out of something, for now. */
const passing = ["EMFILE", "ENFILE", "EIO", "ENOMEM"];
