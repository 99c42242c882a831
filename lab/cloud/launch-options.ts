/** What a launch is asked for on the command line. */
import { readFile } from "node:fs/promises";
import { fail, reasonOf } from "../errors/catalogue.js";
import { task } from "../errors/task.js";
import type { LaunchOptions } from "./launch.js";

const help = task("cloud", "launch --help");

/** How the options are typed that do not go together: of the first two, one at the most; and none of the others beside it. */
const alone = { "--user-data": "userData", "--disk-of": "diskOf" } as const;
const beside = { "--signed": "signed", "--publish": "publish", "--password": "password" } as const;

/**
 * The options with the user-data itself, not its file.
 * @throws USAGE where something is asked for that such a machine does not do, or the file cannot be read
 */
export async function readLaunchOptions<Options extends LaunchOptions>(given: Options): Promise<Options> {
  const asked = (of: Readonly<Record<string, keyof LaunchOptions>>) =>
    Object.entries(of).flatMap(([name, key]) => (given[key] === undefined || given[key] === false ? [] : [name]));
  const [first, second = asked(beside)[0]] = asked(alone);
  if (first === undefined) return given;
  if (second !== undefined) throw fail("USAGE", { what: `${first} does not go with ${second}`, help });
  return given.userData === undefined ? given : { ...given, userData: await readUserData(given.userData) };
}

const readUserData = (file: string): Promise<string> =>
  readFile(file, "utf8").catch((error: unknown) => {
    throw fail("USAGE", { what: `--user-data: ${file}: ${reasonOf(error)}`, help }, error);
  });
