/**
 * Sessions of browsers, in a signed cookie: nothing is kept here, so that two instances with the same key take each other's. A session
 * opens nothing in Vault.
 */
import { randomBytes } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import type { Context } from "hono";
import { deleteCookie, getSignedCookie, setSignedCookie } from "hono/cookie";
import * as z from "zod";
import { fail, reasonOf } from "../../errors/catalogue.js";
import type { Person } from "./readers.js";

/** How long somebody stays signed in, in seconds; who is removed meanwhile may read so long. */
export const sessionSeconds = 3600;
/** How long a sign-in at the provider may take. */
const attemptSeconds = 600;

const session = z.object({ name: z.string().max(128), until: z.number() });
const attempt = z.object({ nonce: z.string(), state: z.string(), back: z.string(), until: z.number() });
export type Attempt = Omit<z.output<typeof attempt>, "until">;

export interface Sessions {
  begin(c: Context, person: Person): Promise<void>;
  person(c: Context): Promise<Person | undefined>;
  end(c: Context): void;
  /** Of a sign-in that has begun, in this browser: another's answer cannot end it. */
  note(c: Context, attempt: Attempt): Promise<void>;
  noted(c: Context): Promise<Attempt | undefined>;
}

/** @param secure whether browsers come by https: only then do they take and keep such cookies */
export function openSessions(key: string, secure: boolean): Sessions {
  const prefix = secure ? ({ prefix: "host" } as const) : {};
  const options = { httpOnly: true, sameSite: "Lax", secure, path: "/", ...prefix } as const;
  const names = { session: "ssh-trust-session", attempt: "ssh-trust-sign-in" } as const;
  const put = (c: Context, name: string, value: object, seconds: number) =>
    setSignedCookie(
      c,
      name,
      Buffer.from(JSON.stringify({ ...value, until: Date.now() + seconds * 1000 })).toString("base64url"),
      `${name}:${key}`,
      { ...options, maxAge: seconds },
    );
  async function get<T extends { readonly until: number }>(
    c: Context,
    name: string,
    shape: z.ZodType<T>,
  ): Promise<T | undefined> {
    const text = await getSignedCookie(c, `${name}:${key}`, name, secure ? "host" : undefined);
    if (text === undefined || text === false) return undefined;
    // One of another version of this program has another shape.
    const found = shape.safeParse(parsed(Buffer.from(text, "base64url").toString("utf8")));
    return found.success && found.data.until > Date.now() ? found.data : undefined;
  }
  return {
    begin: async (c, { name }) => {
      deleteCookie(c, names.attempt, options);
      await put(c, names.session, { name }, sessionSeconds);
    },
    person: (c) => get(c, names.session, session),
    end: (c) => {
      deleteCookie(c, names.session, options);
    },
    note: (c, value) => put(c, names.attempt, value, attemptSeconds),
    noted: (c) => get(c, names.attempt, attempt),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A key that two instances share. @param file undefined: one that only this process knows @throws DIRECTORY_SESSION_KEY */
export async function readSessionKey(file: string | undefined): Promise<string> {
  if (file === undefined) return randomBytes(32).toString("base64");
  const wrong = (problem: string, cause?: unknown) => fail("DIRECTORY_SESSION_KEY", { file, problem }, cause);
  try {
    const { mode } = await stat(file);
    if ((mode & 0o007) !== 0) throw wrong("can be read by everybody: chmod o= it");
    const key = (await readFile(file, "utf8")).trim();
    if (key.length < 32) throw wrong("holds less than 32 characters");
    return key;
  } catch (error) {
    if (error instanceof Error && "code" in error && typeof error.code === "string" && error.code.startsWith("DIRECTORY_"))
      throw error;
    throw wrong(`cannot be read: ${reasonOf(error)}`, error);
  }
}
