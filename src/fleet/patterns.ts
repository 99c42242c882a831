/** Names of hosts with wildcards, as ssh_config(5) has them under PATTERNS: `*` is any characters, or none; `?` is one. */
import { isHostName } from "../ground/host-name.js";
import { commonName, longest, type Budget } from "./common-name.js";
import { dashes } from "./names.js";
import { offer } from "./offer.js";

/** Whether a pattern is more than the name of one host. */
export const hasWildcard = (pattern: string): boolean => /[*?]/.test(pattern);

/** Whether a pattern matches a name. @example matches("web-*.example.org", "web-1.example.org") // true */
export function matches(pattern: string, name: string): boolean {
  let at = 0;
  /** Behind the last star, and from where in the name the rest of the pattern was last tried. */
  let star = -1;
  let tried = 0;
  for (let here = 0; here < name.length;) {
    if (pattern[at] === "*") {
      star = ++at;
      tried = here;
    } else if (at < pattern.length && (pattern[at] === "?" || pattern[at] === name[here])) {
      at += 1;
      here += 1;
    } else if (star >= 0) {
      at = star;
      here = ++tried;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(at));
}

/** What two patterns have in common is looked for in all ways: it takes long where there are many wildcards. */
const mostWildcards = 4;

/**
 * What is wrong with a pattern; undefined where nothing is. What follows its last wildcard has to be below one of the domains: a
 * pattern that could match a name elsewhere would have our CA believed there.
 */
export function problemOfPattern(
  pattern: string,
  domains: readonly string[],
  budget: Budget = { left: Infinity },
): string | undefined {
  if (pattern === "") return "is empty";
  if (pattern.startsWith("!")) return "begins with !: what a group has not is left out of its patterns";
  if (dashes.test(pattern)) return "is a list whose dashes have no blank behind them";
  if (/[\s,]/.test(pattern)) return "has a blank or a comma: several patterns are a list, [one, other]";
  const problem = (other: string) => problemOfPattern(other, domains, budget);
  if (pattern !== pattern.toLowerCase()) {
    const lower = pattern.toLowerCase();
    return `has capital letters${offer(problem, lower, ...domains.slice(0, 1).map((domain) => `${lower}.${domain}`))}`;
  }
  if (!/^[a-z0-9._*?-]*$/.test(pattern)) return "has other characters than a-z, 0-9, . _ - and the wildcards * and ?";
  if (pattern.replace(/[^*?]/g, "").length > mostWildcards) return `has more than ${String(mostWildcards)} wildcards`;
  if (pattern.length > longest.name) return `is longer than ${String(longest.name)} characters`;
  const tail = tailOf(pattern);
  if (domainOf(tail, domains) === undefined) return problemOfTail(pattern, tail, domains, problem);
  if (["x", "."].some((star) => isHostName(pattern.replaceAll("?", "x").replaceAll("*", star)))) return undefined;
  return commonName(pattern, "*", budget) === undefined && budget.left >= 0 ? "matches no name that a host can have" : undefined;
}

/** What follows the last wildcard: whatever a pattern matches ends in it. */
export const tailOf = (pattern: string): string =>
  pattern.slice(Math.max(pattern.lastIndexOf("*"), pattern.lastIndexOf("?")) + 1);

/** The domain that a name is below. */
export const domainOf = (name: string, domains: readonly string[]): string | undefined =>
  domains.find((domain) => name.endsWith(`.${domain}`));

/** What a message shows of many. */
export const someOf = (all: readonly string[]): readonly string[] => (all.length > 3 ? [...all.slice(0, 3), "…"] : all);

function problemOfTail(
  pattern: string,
  tail: string,
  domains: readonly string[],
  problem: (other: string) => string | undefined,
): string | undefined {
  const [first] = domains;
  if (first === undefined) return undefined; // which they are could not be read
  if (domains.includes(pattern)) return `is the domain itself${offer(problem, `*.${pattern}`)}`;
  const without = domains.find((domain) => tail.endsWith(domain));
  const all = domains.length > 1 ? `one of the domains (${someOf(domains).join(", ")})` : `the domain ${first}`;
  if (without !== undefined) {
    const fixed = `${pattern.slice(0, -without.length)}.${without}`;
    return `would match names that are not below ${all}${offer(problem, fixed)}`;
  }
  const short = !pattern.includes(".") && pattern !== "";
  return `is not below ${all}${short ? offer(problem, `${pattern}.${first}`) : ""}`;
}
