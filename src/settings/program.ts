/** What a person has to type to call `ssh-trust`. */
import type { Env } from "./reader.js";

/** Where npx found the program, it is not on the PATH. */
export const programName = (env: Env = process.env): string => (env["npm_command"] === "exec" ? "npx ssh-trust" : "ssh-trust");
