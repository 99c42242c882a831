/**
 * Runs `ssh-trust`, or npm tasks, again and again in one process, which loads their modules once. A command is called with
 * `{ file, args, cwd, env, input }` and answered with its exit status and what it printed. It begins in the file that a process begins
 * in, and ends in `process.exit`, which here ends the command only; what it left to the end of its process is done and forgotten
 * then.
 * Plain JavaScript, as nothing compiles it: test/support/in-host.ts starts it.
 */
import { globalAgent as http } from "node:http";
import { globalAgent as https } from "node:https";
import { Readable } from "node:stream";
import { pathToFileURL } from "node:url";

const leave = process.exit.bind(process);
const events = ["exit", "SIGHUP", "SIGINT", "SIGTERM"];
const streams = ["stdout", "stderr"];
let calls = 0;

process.on("disconnect", () => leave());
process.on("message", async (call) => {
  process.send(await ran(call));
});

async function ran({ file, args, cwd, env, input }) {
  const listeners = listenersOf(process, events);
  const said = { stdout: "", stderr: "", all: "" };
  const streamListeners = streams.map((name) => {
    process[name].write = writer(said, name);
    return listenersOf(process[name], ["error"]);
  });
  const stdin = Readable.from(input === "" ? [] : [Buffer.from(input)], { objectMode: false });
  Object.defineProperty(process, "stdin", { value: stdin, configurable: true });
  process.chdir(cwd);
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, env);
  process.argv = [process.execPath, file, ...args];
  process.exitCode = undefined;
  const exited = new Promise((resolve) => {
    process.exit = (status = process.exitCode) => {
      process.exitCode = status;
      resolve();
    };
  });
  // The command's file is new each time, the modules that it imports are not.
  const over = import(`${pathToFileURL(file).href}?call=${++calls}`);
  await Promise.race([exited, over]);
  for (const listener of listeners.added("exit")) listener.call(process, process.exitCode ?? 0);
  for (const each of [listeners, ...streamListeners]) each.forget();
  for (const agent of [http, https]) agent.destroy(); // the connections of a process end with it
  const exit = process.exitCode ?? 0;
  process.exitCode = undefined;
  return { exit, ...said };
}

/** What a command that has ended still says is heard by nobody: it has a `said` of its own. */
function writer(said, name) {
  return (chunk, encoding, callback = encoding) => {
    const text = typeof chunk === "string" ? chunk : Buffer.from(chunk).toString();
    said[name] += text;
    said.all += text;
    if (typeof callback === "function") process.nextTick(callback);
    return true;
  };
}

function listenersOf(emitter, names) {
  const before = new Map(names.map((name) => [name, emitter.listeners(name)]));
  const added = (name) => emitter.listeners(name).filter((each) => !before.get(name).includes(each));
  return {
    added,
    forget: () => {
      for (const name of names) for (const each of added(name)) emitter.off(name, each);
    },
  };
}
