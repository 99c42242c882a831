/** In phase 2: whether the client takes the host's key or certificate for the right one, and why. */
import { meaningOf } from "./certificate-reason.js";
import type { Draft } from "./draft.js";
import type { EntryKind } from "./entry-kinds.js";
import type { Event, Place } from "./events.js";
import type { Mark } from "./trace.js";

const decide = (draft: Draft, kind: EntryKind, what: string, mark: Mark = "doubt") =>
  draft.add({ stage: "host", kind, way: "here", what, mark });

const spokenPlace = ({ line, file }: Place) => `line ${String(line)} of ${file}`;

export function verdict(draft: Draft, event: Event): void {
  const { findings } = draft;
  switch (event.kind) {
    case "known-line":
      draft.keep();
      break;
    case "host-known":
      if (event.certificate) decide(draft, "host-ca-known", `the CA is known for “${event.name}”`, "proof");
      else decide(draft, "host-key-known", `the key is known for “${event.name}”`, "proof");
      break;
    case "host-found": {
      const known = draft.last("host-key-known", "host-ca-known");
      if (known !== undefined) known.what += `: ${spokenPlace(event.place)}`;
      draft.extend();
      break;
    }
    case "host-certificate-refused":
      findings.certificateRefused = event.reason;
      decide(draft, "host-certificate-refused", `the certificate does not count: ${meaningOf(event.reason)}`);
      break;
    case "other-ca":
      decide(draft, "host-ca-mismatch", `its CA is not the one in ${spokenPlace(event.place)}`);
      break;
    case "no-ca":
      noCa(draft);
      break;
    default:
      bareKey(draft, event);
  }
}

function noCa(draft: Draft): void {
  if (draft.findings.certificateRefused === undefined && draft.last("host-ca-unknown") === undefined) {
    const what = "no known_hosts file knows its CA for this host: without it, only the bare key counts";
    decide(draft, "host-ca-unknown", what);
  } else draft.extend();
}

/** Without a certificate that counts: what is known of the bare key. */
function bareKey(draft: Draft, event: Event): void {
  const { findings } = draft;
  switch (event.kind) {
    case "host-unknown":
      findings.hostUnknown = true;
      decide(draft, "host-unknown", `no known_hosts file has a key for ${event.name}, and strict checking asks nobody`);
      break;
    case "asked": {
      const what = "no known_hosts file knows this key: a person has to say whether it is right";
      if (findings.asked) draft.extend();
      else decide(draft, "host-confirmation", what);
      findings.asked = true;
      break;
    }
    case "nobody-to-ask":
      decide(draft, "no-terminal", "there is no terminal to ask at");
      break;
    case "stored": {
      const why = findings.asked ? "the answer was yes: the key is" : "nothing was known of this host: its key is believed, and";
      decide(draft, "host-key-stored", `${why} stored for ${event.name}`);
      break;
    }
    case "not-stored":
      decide(draft, "host-key-not-stored", "the key is believed, but could not be stored");
      break;
    case "not-checked":
      decide(draft, "host-key-not-checked", `the key is not checked at all: ${event.why}`);
      break;
    case "host-changed":
      findings.changed = true;
      decide(draft, "host-key-changed", "the key is another than the one that is known for this host");
      break;
    case "offending":
      findings.offending = event.place;
      draft.extend(["known key", spokenPlace(event.place)]);
      break;
    case "host-revoked":
      findings.revoked = event;
      decide(
        draft,
        "host-key-revoked",
        `the ${event.certificate ? "certificate's key or its CA" : "key"} is revoked, by ${event.by}`,
      );
      break;
    default:
  }
}
