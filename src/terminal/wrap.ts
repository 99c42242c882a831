/** Lines that fit the terminal. */
import { Help } from "commander";

const help = new Help();

/** Stands for a blank that no line may break at. It is an invisible separator: nobody types it. */
const glue = "\u2063";

/** The columns that text may fill: as many as the terminal has, but no more than people like to read; undefined without one. */
export function columnsOf({ isTTY, columns }: Pick<NodeJS.WriteStream, "isTTY" | "columns">): number | undefined {
  // A terminal of width 0, as expect(1) makes them, does not say how wide it is.
  return isTTY && columns > 0 ? Math.min(columns, 100) : undefined;
}

/** The columns of the terminal that data is printed on; undefined without one. */
export const terminalColumns = (): number | undefined => columnsOf(process.stdout);

/** Breaks a text between words; every line but the first stands behind `indent`. Colours take no room. */
export function wrap(text: string, columns: number | undefined, indent = ""): string {
  const wrapped = columns === undefined ? text : help.boxWrap(text, columns - indent.length).replaceAll("\n", `\n${indent}`);
  return wrapped.replaceAll(glue, " ");
}

/** A command for `wrap`, which it does not break, so that it can be copied. */
export const unbroken = (command: string): string => command.replaceAll(" ", glue);
