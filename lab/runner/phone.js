/**
 * `phone <file>`: somebody's authenticator app. It shows the code of the second factor in the file (otpauth://…). Each code can be used
 * once, so it waits for the next one where the last was shown, or the file was written, in the same half minute.
 */
import { readFileSync, statSync, utimesSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { URI } from "otpauth";

const file = process.argv[2] ?? "";
const factor = URI.parse(readFileSync(file, "utf8").trim());
const turn = (milliseconds) => Math.floor(milliseconds / 30_000);
while (turn(Date.now()) <= turn(statSync(file).mtimeMs)) await setTimeout(100);
utimesSync(file, new Date(), new Date());
process.stdout.write(`${factor.generate()}\n`);
