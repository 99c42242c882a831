/** What a person has to type to call this program. */
import { isRunByNpx } from "../settings.js";
import { verbNames } from "./verbs.js";

const isCheckout = import.meta.url.endsWith(".ts");

/** In a checkout, and where npx found it, it is not on the PATH. */
export const programName = isCheckout || isRunByNpx() ? "npx ssh-trust" : "ssh-trust";

const call = new RegExp(String.raw`(?<![\w./-]|npx )ssh-trust(?= (?:${verbNames.join("|")}|--))`, "g");

/** Everywhere else, the program is called `ssh-trust`. Here each call of it in a text becomes what can be typed. */
export const asTyped = (text: string): string => text.replace(call, programName);
