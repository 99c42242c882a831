/** Following what the engine says while it builds, pulls or imports an image. */
import { stripVTControlCharacters } from "node:util";
import type { Engine } from "./engine.js";

/** What the engine could not do, with the exit status of the command in the Dockerfile that failed, where one did. */
export class ImageRefusal extends Error {
  constructor(
    reason: string,
    readonly exit: number | undefined,
  ) {
    super(reason);
  }
}

/** One line of the engine's answer. */
interface Said {
  readonly stream?: string;
  readonly status?: string;
  readonly error?: string;
  readonly errorDetail?: { readonly code?: number };
}

/**
 * Reads the engine's answer to its end.
 * @param detail called with each line that it says
 * @throws ImageRefusal, with the last line that the failed command wrote to stderr
 */
export function follow(
  { modem }: Pick<Engine, "modem">,
  stream: NodeJS.ReadableStream,
  detail: (text: string) => void,
): Promise<void> {
  let stderr = ""; // of the step that runs: a line may come in parts
  return new Promise((resolve, reject) => {
    modem.followProgress(
      stream,
      (error, output: readonly Said[] | null) => {
        const refused = output?.find((line) => line.error !== undefined);
        const reason = error?.message ?? refused?.error;
        if (reason === undefined) resolve();
        else reject(new ImageRefusal([reason.trim(), ...lastLine(stderr)].join(": "), refused?.errorDetail?.code));
      },
      (line: Said) => {
        const said = line.stream ?? line.status ?? "";
        if (onStderr(said)) stderr += stripVTControlCharacters(said);
        else if (/^Step \d/.test(said)) stderr = "";
        const text = stripVTControlCharacters(said).trim();
        if (text !== "") detail(text);
      },
    );
  });
}

/** The engine colours what a command of the Dockerfile wrote to stderr, and nothing else. */
const onStderr = (said: string) => said.startsWith("\u001b[91m");
const lastLine = (text: string) => text.trim().split("\n").slice(-1).filter(Boolean);

/** apt-get's exit status for whatever went wrong: also for a package that it does not know, as its lists could not be fetched. */
const aptFailed = 100;
/** Seconds before the second and the third build. */
const pauses = [5, 20] as const;

/**
 * Whether a build is worth another try, and when. apt-get tries each download again by itself; but where it could not fetch
 * the lists, `apt-get update` says so and ends with 0, and what is installed next is not found.
 * @param error why the build failed
 * @param tries how many there were
 * @returns the seconds to wait; undefined where another try is of no use, or there were enough
 */
export function pauseBeforeNext(error: unknown, tries: number): number | undefined {
  return error instanceof ImageRefusal && error.exit === aptFailed ? pauses[tries - 1] : undefined;
}
