/** A host's state and the time that its certificate has left, as signs that colour alone does not carry. */
import { span } from "../../ground/moment.js";
import { markup, type Html } from "../../page/html.js";
import type { HostSummary } from "../contract.js";
import { oneLine, timed } from "./words.js";

type Kind = HostSummary["state"]["kind"];

/** good, no judgement, a doubt, bad */
const looks: Readonly<Record<Kind, "yes" | "plain" | "old" | "no">> = {
  certified: "yes",
  uncertified: "plain",
  "not-enrolled": "plain",
  failing: "no",
  conflict: "no",
  expired: "no",
  "not-certified": "old",
  "no-identity": "old",
  unreadable: "no",
  silent: "old",
  "kept-out": "plain",
};
const signs = { yes: "✓", plain: "–", old: "!", no: "✗" } as const;

const sign = (kind: Kind): Html => {
  const look = looks[kind];
  return markup`<span class="sign ${look}" aria-hidden="true">${signs[look]}</span>`;
};

export const stateMark = (kind: Kind, text: string, most?: number): Html =>
  markup`<span class="state ${looks[kind]}">${sign(kind)} <bdi>${oneLine(text, most)}</bdi></span>`;

/** How much of its life a certificate has left: a bar, and the same in words; the exact time is shown when it is pointed at. @param now milliseconds since 1970 */
export function timeLeft({ from, until }: NonNullable<HostSummary["certificate"]>, now: number): Html {
  const [start, end] = [Date.parse(from), Date.parse(until)];
  const left = (end - now) / 1000;
  if (left <= 0) return markup`<span class="left no">${timed(until, `ended ${span(-left)} ago`)}</span>`;
  const share = Math.min(1, left / Math.max(1, (end - start) / 1000));
  const look = share < 0.1 ? "no" : share < 0.25 ? "old" : "yes";
  return markup`<span class="left ${look}"><svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="all" width="100" height="8" /><rect class="part" width="${Math.max(1, Math.round(share * 100))}" height="8" /></svg> ${timed(until, `${span(left)} left`)}</span>`;
}
