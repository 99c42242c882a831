/**
 * `phone <file>`: somebody's authenticator app. It shows a code of the second factor in the file (otpauth://…). Each code can be used
 * once, so it waits for the next one where the file was written, or it showed one, in the same half minute.
 */
import { readFileSync, statSync, utimesSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { URI } from "otpauth";

const file = process.argv[2] ?? "";
const factor = URI.parse(readFileSync(file, "utf8").trim());
const turn = (milliseconds) => Math.floor(milliseconds / 1000 / factor.period);
/** Whoever wrote the file may have sent the first code a moment later, and so in the next half minute: of 30 s, in the last five. */
const signedInLater = (factor.period * 1000) / 6;
while (turn(Date.now()) <= turn(statSync(file).mtimeMs + signedInLater)) await setTimeout(100);
const now = new Date();
utimesSync(file, now, now);
process.stdout.write(`${factor.generate({ timestamp: now.getTime() })}\n`);
