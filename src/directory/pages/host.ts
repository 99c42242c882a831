/** A host: what to compare, what to type, what to believe, and what it says of itself. */
import { shellWord } from "../../ground/shell-word.js";
import { markup, type Html } from "../../page/html.js";
import type { ConsoleVerdict } from "../console-log.js";
import type { HostDetail, HostKey, KeyVersion } from "../contract.js";
import { hostPath, withQuery } from "./address.js";
import { certificates } from "./certificates.js";
import { consoleBox } from "./console.js";
import { command, copyableCode, dataLines } from "./copyable.js";
import { freshnessNote, renderPage, titled, type Visitor } from "./layout.js";
import { says } from "./says.js";
import { stateMark, timeLeft } from "./state.js";
import { at, counted, fromNow, nowOf, oneLine, when } from "./words.js";

export interface HostView extends Visitor {
  readonly host: HostDetail;
  /** The lines of known_hosts by which all hosts with certificates are trusted. */
  readonly trustLines: readonly string[];
  /** What was found in a console log that was sent. */
  readonly console?: ConsoleVerdict | undefined;
}

export function renderHostPage(view: HostView): string {
  const { host, trustLines, console } = view;
  const now = nowOf(host);
  const name = oneLine(host.name, 253);
  return renderPage({
    title: console === undefined ? name : `Console of ${name}`,
    path: hostPath(host.name),
    visitor: view,
    main: markup`<div class="head">
        <p class="kicker">Host${host.group === null ? ", in no group" : markup` of the group <a href="${withQuery("/", { group: host.group })}">${oneLine(host.group, 63)}</a>`}</p>
        <h1 class="name">${name}</h1>
        ${freshnessNote(host)} ${summary(host, now)}
      </div>
      <nav class="contents" aria-label="On this page">
        <ul>
          ${sections.map(([id, , short]) => markup`<li><a href="#${id}">${short}</a></li> `)}
        </ul>
      </nav>
      ${section("connect", connect(host))} ${section("fingerprints", fingerprints(host.keys))}
      ${section("console", consoleBox(host, console))} ${section("known-hosts", knownHosts(host, trustLines))}
      ${section("certificates", certificates(host, now))} ${section("sshfp", sshfp(host.sshfp))}
      ${section("history", history(host.history, now))} ${section("says", says(host.says, now))}`,
  });
}

/** The title of each, and a short one for the list of them. */
const sections = [
  ["connect", "Connect", "Connect"],
  ["fingerprints", "Fingerprints", "Fingerprints"],
  ["console", "Compare with its console", "Console"],
  ["known-hosts", "Lines for known_hosts", "known_hosts"],
  ["certificates", "Certificates", "Certificates"],
  ["sshfp", "DNS records (SSHFP)", "SSHFP"],
  ["history", "History of its keys", "History"],
  ["says", "What the host says of itself", "Its own word"],
] as const;

const section = (id: (typeof sections)[number][0], content: Html) =>
  titled(id, sections.find(([each]) => each === id)?.[1] ?? "", content);

const summary = ({ state, certificate, seen, stale }: HostDetail, now: number): Html =>
  markup`<dl class="facts${stale ? " stale" : ""}">
    <div>
      <dt>State</dt>
      <dd>${stateMark(state.kind, state.text, 1200)}</dd>
    </div>
    <div>
      <dt>Certificate</dt>
      <dd>${certificate === null ? "none that is valid" : markup`${timeLeft(certificate, now)}, <span class="exact">until ${at(certificate.until)}</span>`}</dd>
    </div>
    <div>
      <dt>Last heard of by Vault</dt>
      <dd>${seen === null ? "never" : markup`${fromNow(seen, now)}, <span class="exact">${at(seen)}</span>`}</dd>
    </div>
  </dl>`;

function connect({ connect: given, accounts, name, state, certificate }: HostDetail): Html {
  const isPinned = state.kind === "uncertified";
  const general = `ssh-trust ssh ${isPinned ? "--pin " : ""}ACCOUNT@${shellWord(oneLine(name, 253))}`;
  const commands = given.length > 0 ? given.slice(0, 50) : [general];
  const about = isPinned
    ? markup`This host has no certificate. <code>--pin</code> takes its keys from this directory for this one connection, and refuses the host if it shows another key.`
    : certificate === null
      ? markup`<strong>ssh refuses this host now:</strong> it shows no valid certificate.`
      : markup`ssh checks the host by its certificate, so it does not ask about an unknown key.`;
  return markup`<p>${about}${given.length === 0 && accounts.length === 0 ? markup` Replace <code>ACCOUNT</code> with your account on it.` : ""}</p>
    ${commands.map((each, index) => command({ id: `connect-${String(index)}`, what: `the command ${each}` }, each))}`;
}

function fingerprints(keys: readonly HostKey[]): Html {
  if (keys.length === 0) return markup`<p>The directory knows no key of this host.</p>`;
  return markup`<p>The fingerprint that ssh or the machine's console shows must be exactly one of these.</p>
    <table class="keys">
      <caption class="unseen">
        Fingerprints of the host's keys
      </caption>
      <thead>
        <tr>
          <th scope="col">Key</th>
          <th scope="col">SHA256</th>
          <th scope="col">MD5 (older programs)</th>
        </tr>
      </thead>
      <tbody>
        ${keys.map(({ kind, bits, sha256, md5 }, index) => {
          const key = `of the ${kind} key`;
          return markup`<tr>
            <th scope="row">${oneLine(kind, 64)} <span class="exact">${bits} bits</span></th>
            <td data-label="SHA256">${copyableCode({ id: `sha256-${String(index)}`, what: `the SHA256 fingerprint ${key}` }, sha256)}</td>
            <td data-label="MD5">${copyableCode({ id: `md5-${String(index)}`, what: `the MD5 fingerprint ${key}` }, md5)}</td>
          </tr> `;
        })}
      </tbody>
    </table>`;
}

function knownHosts({ knownHosts: own, state }: HostDetail, trustLines: readonly string[]): Html {
  const isPinned = state.kind === "uncertified";
  const about = isPinned
    ? "An operator gave these keys. With these lines ssh believes the host by its keys, so the lines have to be replaced when the keys change."
    : "With these lines ssh believes the host if it shows a certificate of the fleet for this name. They hold no key of the host, so they stay right when its keys change.";
  return markup`<h3>For this host</h3>
    ${own.length === 0 ? markup`<p>None.</p>` : markup`<p>${about}</p>${dataLines({ id: "lines-host", what: "the lines for this host" }, ...own)}`}
    ${when(
      trustLines.length > 0,
      () => markup`<h3>For every host of the fleet${isPinned ? " that has a certificate" : ""}</h3>
        <p>These lines cover all names of the fleet. <a href="/trust">How to check them, and where to put them</a>.</p>
        ${dataLines({ id: "lines-fleet", what: "the lines for every host of the fleet" }, ...trustLines)}`,
    )}`;
}

const sshfp = (records: readonly string[]): Html =>
  records.length === 0
    ? markup`<p>None: the directory knows no key of this host.</p>`
    : markup`<p>
          For the zone of the host's domain, as <code>ssh-keygen -r</code> prints them. ssh asks for them with <code>VerifyHostKeyDNS yes</code>;
          without DNSSEC they prove nothing.
        </p>
        ${dataLines({ id: "sshfp-records", what: "the SSHFP records" }, ...records)}`;

const mostVersions = 50;

/** Nothing was added or removed. */
function unchanged(version: number, versions: readonly KeyVersion[]): string {
  if (version === 1) return "The first keys of this host.";
  return version === versions.at(-1)?.version ? "The oldest version that Vault still has." : "The same keys as before.";
}

function history(versions: readonly KeyVersion[] | null, now: number): Html {
  if (versions === null) return markup`<p>Not known while Vault does not answer.</p>`;
  if (versions.length === 0) return markup`<p>Vault has no earlier versions.</p>`;
  const kinds = new Map(versions.flatMap(({ keys }) => keys.map(({ kind, sha256 }) => [sha256, kind] as const)));
  const shown = versions.slice(0, mostVersions);
  const list = (what: string, look: string, prints: readonly string[]) =>
    when(
      prints.length > 0,
      () => markup`<ul class="${look}">
        ${prints.map((print) => markup`<li><span class="change">${what}</span> ${oneLine(kinds.get(print) ?? "", 64)} <code>${oneLine(print, 200)}</code></li> `)}
      </ul>`,
    );
  return markup`<p>${counted(versions.length, "version")} of its entry in Vault with other keys than the one before, newest first.</p>
    <ol class="history">
      ${shown.map(
        ({ version, at: time, keys, added, removed, problem }) =>
          markup`<li>
            <p><strong>Version ${version}</strong>, ${at(time)} (${fromNow(time, now)}), ${counted(keys.length, "key")}</p>
            ${problem === null ? "" : markup`<p class="problem">It cannot be read: <bdi>${oneLine(problem, 1200)}</bdi></p>`}
            ${list("added", "added", added)} ${list("removed", "removed", removed)}
            ${when(problem === null && added.length + removed.length === 0, () => markup`<p class="none">${unchanged(version, versions)}</p>`)}
          </li> `,
      )}
    </ol>`;
}
