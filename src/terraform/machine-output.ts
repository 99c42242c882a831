/**
 * What Terraform and OpenTofu say with `-json`: a JSON object a line.
 * https://developer.hashicorp.com/terraform/internals/machine-readable-ui
 */
import * as z from "zod";
import { fail } from "../errors/catalogue.js";

export interface Applied {
  readonly added: number;
  readonly changed: number;
  readonly destroyed: number;
  readonly imported: number;
}

const count = z.number().int().nonnegative().default(0);

const line = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("change_summary"),
    changes: z.object({ add: count, change: count, remove: count, import: count, operation: z.string() }),
  }),
  z.object({
    type: z.literal("diagnostic"),
    diagnostic: z.object({ severity: z.string(), summary: z.string(), detail: z.string().default("") }),
  }),
]);

type Line = z.infer<typeof line>;

/** The lines that matter here. Whatever else is among them, such as another program's words, is passed over. */
function linesOf(output: string): Line[] {
  return output.split("\n").flatMap((text) => {
    try {
      const parsed = line.safeParse(JSON.parse(text));
      return parsed.success ? [parsed.data] : [];
    } catch {
      return [];
    }
  });
}

/**
 * What an apply that succeeded has done, or what a plan would do.
 * @throws TERRAFORM_FAILED where it does not say so
 */
export function readChanges(output: string, operation: "apply" | "plan" = "apply"): Applied {
  const done = linesOf(output).findLast((each) => each.type === "change_summary" && each.changes.operation === operation);
  if (done?.type !== "change_summary")
    throw fail("TERRAFORM_FAILED", { command: `terraform ${operation}`, reason: "it did not say that it was done" });
  const { add, change, remove, import: imported } = done.changes;
  return { added: add, changed: change, destroyed: remove, imported };
}

/** The first error among its diagnostics, as one line; undefined where there is none. */
export function readError(output: string): string | undefined {
  const first = linesOf(output).find((each) => each.type === "diagnostic" && each.diagnostic.severity === "error");
  if (first?.type !== "diagnostic") return undefined;
  const { summary, detail } = first.diagnostic;
  return inOneLine([summary, detail].filter((text) => text !== "").join(": "));
}

/** Text of a terminal's width and frames, as one line of at most 400 characters. */
export const inOneLine = (text: string): string =>
  text
    .replace(/[\s│╷╵]+/g, " ")
    .trim()
    .slice(0, 400);

/** Who holds the lock of a state, where that is why it failed. */
export interface StateLock {
  /** What unlocks it; undefined where it ends with the connection of whoever holds it. */
  readonly id: string | undefined;
  readonly who: string;
  readonly since: string;
}

/** The lock that a diagnostic of Terraform's names; undefined where there is none, or where none could be asked for. */
export function readLock(output: string): StateLock | undefined {
  const text = output.replaceAll("\\n", "\n"); // it stands in a JSON string
  if (!/Error acquiring the state lock/.test(text) || !/Lock Info:|already locked/.test(text)) return undefined;
  const field = (name: string) => new RegExp(`^[\\s│]*${name}:[ \\t]+(.+)$`, "m").exec(text)?.[1]?.trim() ?? "unknown";
  const untold = { who: "an apply whose name the backend does not tell", since: "an unknown time" };
  // These two tell who asks: pg nothing of the holder, http the id.
  if (/Workspace is already locked/.test(text)) return { id: undefined, ...untold };
  const [, held = field("ID")] = /already locked: ID=(\S+)/.exec(text) ?? [];
  if (held !== field("ID")) return { id: held, ...untold };
  return { id: held, who: field("Who"), since: field("Created") };
}
