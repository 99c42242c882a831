/** Colours, on terminals only: a file or a pipe gets plain text. (NO_COLOR is honoured by the library.) */
import * as yoctocolors from "yoctocolors";

const onTerminal = process.stdout.isTTY && process.stderr.isTTY;
const where = (paint: (text: string) => string) => (text: string) => (onTerminal ? paint(text) : text);

export const bold = where(yoctocolors.bold);
export const dim = where(yoctocolors.dim);
export const red = where(yoctocolors.red);
export const green = where(yoctocolors.green);
export const yellow = where(yoctocolors.yellow);
export const cyan = where(yoctocolors.cyan);
