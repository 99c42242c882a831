/** Claims that a token must have: the fewer, the more tokens open something. */
import { printable } from "../../ground/printable.js";
import { grants, withdraws, type Change } from "./change.js";
import { unique, without } from "./compare.js";
import { inWords } from "./words.js";

type Claims = Readonly<Record<string, readonly string[]>>;

/** @param what the token is for, such as "sign-in with jwt" */
export function describeClaims(what: string, before: Claims, after: Claims): readonly Change[] {
  return unique([...Object.keys(before), ...Object.keys(after)]).flatMap((claim) => {
    const [was, now] = [valuesOf(before, claim), valuesOf(after, claim)];
    const token = `${what}: a token`;
    const name = printable(claim);
    if (now === undefined) return [grants(`${token} no longer needs the claim ${name}`)];
    if (was === undefined) return [withdraws(`${token} now needs the claim ${name}: ${sayAny(now)}`)];
    const [gone, come] = [without(was, now), without(now, was)];
    return [
      ...(gone.length > 0 ? [withdraws(`${token} with ${sayAny(gone)} as claim ${name} is no longer accepted`)] : []),
      ...(come.length > 0 ? [grants(`${token} with ${sayAny(come)} as claim ${name} is now accepted`)] : []),
    ];
  });
}

/** @example sayClaims({ repository: ["org/app"] }) // "whose claim repository is org/app"; "" where any token will do */
export const sayClaims = (claims: Claims): string =>
  inWords(
    unique(Object.keys(claims)).map((claim) => `whose claim ${printable(claim)} is ${sayAny(valuesOf(claims, claim) ?? [])}`),
  );

/** A claim may be called as what every object has, such as "constructor". */
const valuesOf = (claims: Claims, claim: string) => (Object.hasOwn(claims, claim) ? claims[claim] : undefined);
const sayAny = (values: readonly string[]): string => inWords(unique(values).map(printable), "or");
