/** What `config install` will do, and what it found, in words. */
import { blockEnding } from "../../../people/ssh-config/fleet-files.js";
import type { Finding } from "../../../people/ssh-config/examine.js";
import type { InstallPlan } from "../../../people/ssh-config/install.js";

export function describePlan({
  target,
  change,
  line,
  lineAt,
  isFirst,
  written,
  now,
  newDomains,
}: InstallPlan): readonly string[] {
  const file = target.real === target.path ? target.path : `${target.path} (a link to ${target.real})`;
  const at = `${file} line ${String(lineAt ?? 0)}`;
  const before = now?.before ?? [];
  const lines = {
    add: [`${file}${target.text === undefined ? ", a new file," : ""} gets one line, at its top:`, `  ${line}`],
    move: [`${at} is moved to the top, as lines before it have an effect on the fleet's hosts:`, `  ${line}`],
    none: [
      `${at} has the line already`,
      ...(isFirst ? [] : [`lines before it have no effect on what the fleet says of its hosts, so it stays there`]),
    ],
  }[change];
  const places = before.map((each) => `  before it: ${each.file} line ${String(each.line)}: ${each.keyword} ${each.value}`);
  const files = written.flatMap(({ path, text }) => {
    if (!path.endsWith(blockEnding)) return [`${path} is written, with ${String(linesOf(text).length)} @cert-authority lines`];
    const [first = "", ...more] = text.split(/^(?=Match )/m);
    const exec = more.flatMap(linesOf).filter((line) => line.includes(" exec "));
    return [
      `${path} is written:`,
      ...linesOf(first).map((each) => `  ${each}`),
      ...(more.length === 0 ? [] : ["the same once more, for names that another section leads to these hosts"]),
      ...(exec.length === 0 ? [] : ["and a command, which says before a login why no certificate can come:"]),
      ...exec.map((each) => `  ${each}`),
    ];
  });
  const agreed = `from now on login follows the fleet for names below ${newDomains.join(", ")}; others are shown to you first`;
  return [...lines, ...places, ...files, ...(newDomains.length === 0 ? [] : [agreed])];
}

const linesOf = (text: string) => text.split("\n").slice(0, -1);

const where = ({ place, says }: Finding) => (place === undefined ? says : `${place.file} line ${String(place.line)}: ${says}`);

/** @param line what includes the fleet's files */
export function describeFinding(finding: Finding, line: string): string {
  const { kind, host, place, says } = finding;
  switch (kind) {
    case "wins":
      return `${where(finding)} is used for ${host}, and not what the fleet says`;
    case "not-applied":
      return `the fleet's settings have no effect for ${host}: the line that includes them is in a section that does not match`;
    case "certificate":
      return `${where(finding)} has ssh offer a certificate of your own to ${host}, too, and it may be refused for that: use it for other hosts only`;
    case "other-proof":
      return `${where(finding)} lets ${host} be believed without a certificate of the fleet: use it for other hosts only`;
    case "alias":
      return `${place?.file ?? ""} line ${String(place?.line ?? 0)}: ${host} leads to ${says.replace(/^\S+ /, "")}, but ssh looks at what is typed: type the full name, or add this line to the section, below HostName: ${line}`;
  }
}

/** Whether logins are not as the fleet says: an alias only is not one of its names. */
export const isAgainst = ({ kind }: Finding): boolean => kind !== "alias";

export const describeShared = ({ shared }: InstallPlan): readonly string[] =>
  shared.map(
    ({ server, name, wins }) =>
      `${name} can be a host of the fleet at ${server}, too, which is installed here: ssh uses what ${wins ? "that one" : "this one"} says`,
  );
