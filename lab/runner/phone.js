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
while (turn(Date.now()) <= turn(statSync(file).mtimeMs)) await setTimeout(100);
const now = new Date();
utimesSync(file, now, now);
process.stdout.write(`${factor.generate({ timestamp: now.getTime() })}\n`);
