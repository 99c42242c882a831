/** Running a program in a container that runs. */
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { asking, type Engine } from "./engine.js";

export interface ExecOptions {
  /** Root, where it is left out. */
  readonly user?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** It is stopped after so long: what runs in a container outlives whoever started it. */
  readonly seconds?: number;
}

export interface Executed {
  /** 124: it took too long. */
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs it to its end; it gets no input. Secrets reach it as files: `putFiles`. @throws DOCKER_FAILED */
export function execIn(
  engine: Engine,
  container: string,
  command: readonly string[],
  { user = "root", env = {}, seconds = 60 }: ExecOptions = {},
): Promise<Executed> {
  const run = async (): Promise<Executed> => {
    const exec = await engine.getContainer(container).exec({
      Cmd: ["timeout", "--kill-after=5", String(seconds), ...command],
      AttachStdout: true,
      AttachStderr: true,
      User: user,
      Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
    });
    const stream = await exec.start({});
    const [out, error] = [new PassThrough(), new PassThrough()];
    engine.modem.demuxStream(stream, out, error);
    stream.once("close", () => {
      for (const each of [out, error]) each.end();
    });
    const [stdout, stderr] = await Promise.all([text(out), text(error)]);
    return { exit: (await exec.inspect()).ExitCode ?? 1, stdout, stderr };
  };
  return asking(`run ${command[0] ?? ""} in ${container}`, run());
}

/**
 * A command that waits in the container, five seconds at most, until a look by sh or bash succeeds; it ends with 1 where none did. To
 * start a program in a container takes longer than to look again.
 */
export const waitingFor = (look: string, shell: "sh" | "bash" = "sh"): readonly string[] => [
  shell,
  "-c",
  `for look in $(seq 50); do if ${look}; then exit 0; fi; sleep 0.1; done; exit 1`,
];
