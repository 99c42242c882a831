/** Domains: the host CA is believed for all names below them, so they are ours, and no suffix that others register names below. */
import { isIP } from "node:net";
import { parse } from "tldts";
import { quoted, wrong, type Mistake } from "../mistakes.js";
import { problemOfHostName } from "../names.js";
import { offer } from "../offer.js";
import { domainOf } from "../patterns.js";
import type { Draft } from "../reading/shape.js";
import { repeated } from "../repeated.js";
import { items } from "./items.js";

/** Each name of a host is looked for below all of them. */
export const mostDomains = 100;

export function mistakesOfDomains(draft: Draft): readonly Mistake[] {
  const domains = items(["domains"], draft.domains);
  if (domains.length > mostDomains)
    return [{ path: ["domains"], problem: `there are ${String(domains.length)} domains: there may be ${String(mostDomains)}` }];
  return domains.flatMap(({ path, value }) => {
    const above = domainOf(
      value,
      domains.map((each) => each.value),
    );
    const problem =
      problemOfDomain(value) ?? (above === undefined ? undefined : `is below ${quoted(above)}, which is a domain here already`);
    return problem === undefined ? [] : [{ path, problem: wrong(value, problem) }];
  });
}

/** What is wrong with the first of these that may not be; undefined where nothing is. */
export function problemOfDomains(domains: readonly string[]): string | undefined {
  if (domains.length === 0) return "a domain is needed";
  const [twice] = repeated(domains);
  if (twice !== undefined) return `${quoted(domains[twice[0]] ?? "")} is given twice`;
  return mistakesOfDomains({ domains })[0]?.problem;
}

/** What is wrong with a domain alone; undefined where nothing is. */
export function problemOfDomain(domain: string): string | undefined {
  if (/^(?:https?:)?\/\//.test(domain)) return "is an address; a domain is a name, such as example.org";
  if (domain.startsWith("*.") || domain.startsWith(".")) {
    const bare = domain.replace(/^(?:\*?\.)+/, "");
    return `begins with a wildcard or a dot; all names below a domain are meant already${offer(problemOfDomain, bare)}`;
  }
  const problem = problemOfHostName(domain);
  if (problem !== undefined) return problem;
  // A last label of digits alone makes an address of the whole (WHATWG URL, "ends in a number").
  if (isIP(domain) > 0 || /(?:^|\.)\d+$/.test(domain)) return "is an address of a host, and no domain";
  const { publicSuffix, isIcann, isPrivate } = parse(domain, { allowPrivateDomains: true, validateHostname: false });
  const listed = isIcann === true || isPrivate === true;
  if (listed && publicSuffix === domain)
    return `is a public suffix: anybody may register a name below it${offer(problemOfDomain, `your-name.${domain}`)}`;
  return undefined;
}
