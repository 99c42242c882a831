/** Phase 1: the way there, versions, algorithms. RFC 4253, sections 4.2 and 7.1. */
import type { Draft } from "./draft.js";
import type { Event } from "./events.js";

const plainNames: Readonly<Record<string, string>> = { "<implicit>": "part of the cipher", none: "none" };
const plain = (algorithm: string) => plainNames[algorithm] ?? algorithm;

export function setup(draft: Draft, event: Event): void {
  const stage = "setup";
  const { findings } = draft;
  switch (event.kind) {
    case "resolving":
      findings.host = event.host;
      draft.keep();
      break;
    case "connecting":
      findings.host ||= event.host;
      findings.port = event.port;
      draft.add({
        stage,
        kind: "settings-read",
        way: "here",
        what: event.host === event.address ? "settings read" : `settings read, ${event.host} looked up: ${event.address}`,
      });
      break;
    case "attempt-failed":
      findings.notConnected.push(event.reason);
      draft.add({
        stage,
        kind: "tcp-failed",
        way: "here",
        what: `no connection to ${event.address}, port ${event.port}: ${lower(event.reason)}`,
        mark: "doubt",
      });
      break;
    case "connected":
      draft.add({ stage, kind: "tcp-connected", way: "both", what: `TCP connection to port ${findings.port}`, message: "TCP" });
      break;
    case "proxy":
      findings.proxied = true;
      draft.add({ stage, kind: "proxy-command", way: "here", what: `the way there is a program: ${event.command}` });
      break;
    case "client-version":
      draft.add({ stage, kind: "client-version", way: "client", what: `version: ${event.version}`, message: "version" });
      break;
    case "line-before-version":
      findings.linesBeforeVersion.push(event.text);
      draft.add({
        stage,
        kind: "line-before-version",
        way: "server",
        what: `a line that is no SSH version: ${event.text}`,
        mark: "doubt",
      });
      break;
    case "server-version":
      findings.greeted = true;
      draft.add({ stage, kind: "server-version", way: "server", what: `version: ${event.version}`, message: "version" });
      break;
    case "identity-file":
      if (!findings.greeted) findings.identityFiles.push(event.file);
      break;
    case "authenticating":
      findings.user = event.user;
      [, findings.host = event.host, findings.port = ""] = /^(.*):(\d+)$/s.exec(event.host) ?? [];
      break;
    case "kexinit":
      draft.add({
        stage,
        kind: "algorithms-offered",
        way: event.way === "sent" ? "client" : "server",
        what: "the algorithms it can use, in its order of preference",
        message: "SSH_MSG_KEXINIT",
      });
      break;
    case "chosen":
      if (event.algorithm === undefined) noneInCommon(draft, event.what);
      else chosen(draft, [event.what, event.algorithm]);
      break;
    case "chosen-cipher": {
      const both: [string, string][] = [
        ["cipher", event.cipher],
        ["MAC", plain(event.mac)],
        ["compression", plain(event.compression)],
      ];
      for (const fact of both) chosen(draft, fact);
      break;
    }
    default:
  }
}

/** The second direction is named where it differs from the first. */
function chosen(draft: Draft, [name, value]: [string, string]): void {
  const agreed = agreement(draft);
  if (!agreed.facts.some(([known, had]) => known === name && had === value)) draft.extend([name, value]);
  else draft.extend();
  agreed.at = draft.at;
}

function noneInCommon(draft: Draft, name: string): void {
  const agreed = agreement(draft);
  agreed.kind = "no-common-algorithm";
  agreed.what = `agreed on no ${name} algorithm`;
  agreed.mark = "doubt";
  agreed.at = draft.at;
}

/** The one entry about what was agreed on. */
const agreement = (draft: Draft) =>
  draft.last("algorithms-agreed", "no-common-algorithm") ??
  draft.add({ stage: "setup", kind: "algorithms-agreed", way: "both", what: "agreed on one of each kind", mark: "proof" });

const lower = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
