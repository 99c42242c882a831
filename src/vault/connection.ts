/** node-vault, made safe: with our transport, and with the errors of the catalogue instead of its own. */
import createNodeVault from "node-vault";
import * as z from "zod";
import { fail } from "../errors/catalogue.js";
import type { VaultSettings } from "../settings/vault.js";
import { isNoCa, refusalOf, refused } from "./refusals.js";
import { transportFor } from "./transport.js";

export interface Connection {
  readonly client: ReturnType<typeof createNodeVault>;
  /** The same without a token. */
  readonly anonymous: ReturnType<typeof createNodeVault>;
  /** Without a token and outside any namespace: what the server says of itself. */
  readonly outside: ReturnType<typeof createNodeVault>;
  /** Asks; a refusal is an error of the catalogue. */
  readonly ask: (path: string, asked: Promise<unknown>) => Promise<unknown>;
  /** Asks; undefined where the server says that there is no such thing. */
  readonly askFor: (path: string, asked: Promise<unknown>, absent: readonly number[]) => Promise<unknown>;
  /** An answer in the shape that it must have. @throws VAULT_ANSWER_UNEXPECTED */
  readonly read: <T>(path: string, schema: z.ZodType<T>, answer: unknown) => T;
}

/** A way to ask one server. No request is made before the first question. */
export function connect(settings: VaultSettings): Connection {
  const { address } = settings;
  const options = {
    endpoint: address,
    "request-promise": transportFor(settings),
    debug: () => undefined, // its own debug output prints what it sends
  };
  // node-vault would take a missing token from the environment.
  const client = createNodeVault({ ...options, token: settings.token ?? "none" });
  const anonymous = createNodeVault({ ...options, token: "none" });
  anonymous.token = "";
  const outside = createNodeVault({ ...options, token: "none" });
  outside.token = "";
  // It would take a missing namespace from the environment, too.
  for (const each of [client, anonymous]) Object.assign(each, { namespace: settings.namespace ?? "" });
  Object.assign(outside, { namespace: "" });

  return {
    client,
    anonymous,
    outside,
    ask: async (path, asked) => {
      try {
        return await asked;
      } catch (error) {
        throw refused(error, address, path);
      }
    },
    askFor: async (path, asked, absent) => {
      try {
        return await asked;
      } catch (error) {
        const refusal = refusalOf(error);
        if ((refusal?.byVault === true && absent.includes(refusal.status)) || isNoCa(refusal?.reasons.join("; ") ?? ""))
          return undefined;
        throw refused(error, address, path);
      }
    },
    read: (path, schema, answer) => {
      const parsed = schema.safeParse(answer);
      if (parsed.success) return parsed.data;
      throw fail("VAULT_ANSWER_UNEXPECTED", { path, what: z.prettifyError(parsed.error).replaceAll("\n", " ") });
    },
  };
}

const clock = z.object({ server_time_utc: z.number().int().positive() });

/** The server's clock, to a second. @throws VAULT_UNREACHABLE, VAULT_ANSWER_UNEXPECTED */
export async function serverTime({ outside, ask, read }: Connection): Promise<Date> {
  const path = "sys/health";
  return new Date(read(path, clock, await ask(path, outside.read(path))).server_time_utc * 1000);
}
