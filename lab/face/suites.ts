/** The releases that are asked for on the command line. */
import { InvalidArgumentError } from "commander";
import { debian, type Suite } from "../toolchain/versions.js";

const known = Object.keys(debian.suites) as Suite[];

/** @param text such as "bookworm,trixie"; "all" for all. They come in the order of their age. */
export function suitesOf(text: string): Suite[] {
  if (text === "all") return known;
  const asked = text.split(",").map((each) => each.trim());
  const odd = asked.find((each) => !known.some((suite) => suite === each));
  if (odd !== undefined) throw new InvalidArgumentError(`there is no release "${odd}" (there are: ${known.join(", ")}).`);
  return known.filter((suite) => asked.includes(suite));
}
