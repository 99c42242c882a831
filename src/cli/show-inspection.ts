/** An inspection in the layout of `ssh-keygen -L`, with its verdicts. */
import { typed, hintText } from "../errors/hint.js";
import { printable } from "../ground/printable.js";
import { programName } from "../settings/program.js";
import { describeCertificate } from "../ssh/describe-certificate.js";
import type { InspectedLine } from "../ssh/inspect/inspect-lines.js";
import type { InspectedKey } from "../ssh/inspect/key-verdicts.js";
import type { Verdict } from "../ssh/inspect/verdict.js";
import { dim, green, red, yellow } from "../terminal/colour.js";
import { terminalColumns, unbroken, wrap } from "../terminal/wrap.js";

/** One line of a file, inspected. */
export interface Shown extends InspectedLine {
  /** "-" for standard input. */
  readonly file: string;
  /** Whether it is the only line of its file that says something. */
  readonly alone: boolean;
}

const field = " ".repeat(8);
const item = " ".repeat(16);

/** As `ssh-keygen -L` names it: the file, and the line where there are several. */
export function labelOf({ file, alone, line }: Shown): string {
  const name = file === "-" ? "(stdin)" : printable(file);
  return alone ? name : `${name}:${String(line)}`;
}

export function showInspection(shown: Shown): string {
  const { prefix, inspection } = shown;
  const { kind, type, key, comment, certificate, verdicts } = inspection;
  const plain = key === undefined || certificate !== undefined ? [] : describeKey(key);
  return [
    `${labelOf(shown)}:${prefix === "" ? "" : ` ${printable(prefix)}`}`,
    ...(kind === "unknown" ? [`${field}Type: ${printable(type)}`] : []),
    ...(certificate === undefined ? [] : [describeCertificate(certificate)]),
    ...plain,
    ...(key?.application === undefined ? [] : [`${field}Application: ${printable(key.application)}`]),
    ...(key === undefined ? [] : [`${field}Comment: ${comment === "" ? "(none)" : printable(comment)}`]),
    `${field}Verdicts: `,
    ...verdicts.map(showVerdict),
  ].join("\n");
}

/** What `ssh-keygen -l` prints, in the layout of `-L`. */
const describeKey = ({ type, kind, bits, fingerprint, md5 }: InspectedKey): string[] => [
  `${field}Type: ${type} public key`,
  `${field}Public key: ${kind} ${fingerprint}`,
  `${field}            ${" ".repeat(kind.length)} ${md5}`,
  `${field}Size: ${String(bits)} bits`,
];

const marks = { bad: red("BAD "), warn: yellow("warn"), ok: green("ok  ") } as const;

function showVerdict({ code, level, text, hint }: Verdict): string {
  const said = inItem(`${marks[level]}  ${text}  ${dim(`[${code}]`)}`, "      ");
  if (hint.length === 0) return said;
  const program = programName();
  const advice = hintText(hint, (run) => unbroken(typed(run, program)));
  return `${said}\n${inItem(`→ ${advice}`, "  ", "      ")}`;
}

/** @param hanging behind which the further lines stand */
function inItem(text: string, hanging: string, more = ""): string {
  const columns = terminalColumns();
  const indent = `${item}${more}`;
  const room = columns === undefined ? undefined : Math.max(30, columns - indent.length);
  return `${indent}${wrap(text, room, hanging).replaceAll("\n", `\n${indent}`)}`;
}
