/** What a host says of itself: shown, and not believed. */
import { markup, type Html } from "../../page/html.js";
import type { HostDetail } from "../contract.js";
import { at, fromNow, oneLine } from "./words.js";

export function says(said: HostDetail["says"], now: number): Html {
  if (said === null) return markup`<p>Nothing yet.</p>`;
  const { addresses, openssh, script, machine, written, next, problem, problemSince, otherWays, unreadable } = said;
  const text = (value: string) =>
    value === "" ? markup`<span class="none">nothing</span>` : markup`<bdi>${oneLine(value, 1200)}</bdi>`;
  const time = (value: string | null) =>
    value === null ? markup`<span class="none">not said</span>` : markup`${at(value)} (${fromNow(value, now)})`;
  const list = (values: readonly string[]) =>
    values.length === 0
      ? markup`<span class="none">none</span>`
      : markup`<ul>
          ${values.slice(0, 64).map((value) => markup`<li><bdi>${oneLine(value, 600)}</bdi></li> `)}
        </ul>`;
  const rows: readonly (readonly [name: string, value: Html])[] = [
    [
      "Problem",
      problem === null
        ? markup`<span class="none">none</span>`
        : markup`${text(problem)}${problemSince === null ? "" : markup`, since ${at(problemSince)}`}`,
    ],
    ["Written", time(written)],
    ["Next renewal", time(next)],
    ["Addresses", list(addresses)],
    ["OpenSSH", text(openssh)],
    ["Host script", text(script)],
    ["Machine", text(machine)],
    ["Other ways to log in", list(otherWays)],
    ["Could not be read", list(unreadable)],
  ];
  return markup`<p>The host wrote this itself, and nobody has checked it. A host that was broken into can write anything here.</p>
    <dl class="fields own-word">
      ${rows.map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div> `)}
    </dl>`;
}
