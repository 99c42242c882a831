/**
 * Finds lines in ssh's log that are a host's: log.ts. A host can add lines, but take none away. So what it makes ssh seem to say, ssh
 * says itself too, later, or says the opposite of it, unless the host hangs up first: then ssh says that. Before the session begins,
 * what follows can be said once only.
 */
import type { Event } from "./events.js";
import { ownEnd } from "./own-end.js";

/** The answers to the question whether the host's key is the right one. */
const verdicts: ReadonlySet<Event["kind"]> = new Set([
  "host-known",
  "host-certificate-refused",
  "other-ca",
  "no-ca",
  "host-unknown",
  "asked",
  "stored",
  "not-stored",
  "host-changed",
  "offending",
  "host-revoked",
  "not-checked",
] satisfies Event["kind"][]);

/** What is said of somebody who is not logged in. */
const notIn: ReadonlySet<Event["kind"]> = new Set([
  "can-continue",
  "method",
  "will-attempt",
  "offering",
  "trying-private",
  "accepted",
  "partial",
  "signing",
  "key-unusable",
  "key-skipped",
  "complaint",
] satisfies Event["kind"][]);

/** ssh's answers show no more of a name. */
const shownOfName = 200;

export class Consistency {
  /** What does not fit; undefined while everything does. */
  contradiction: string | undefined;
  readonly #said = new Set<string>();
  /** What ssh looks up instead of the host's name; a configuration has one for a host. */
  #alias: string | undefined;
  /** The answer was that the host's key or certificate is known. */
  #known: Event | undefined;
  #loggedIn = false;
  #ended = false;

  /** Takes the events before the session, in their order. */
  take(event: Event): void {
    this.contradiction ??=
      this.#afterEnd(event) ?? this.#afterKnown(event) ?? this.#again(event) ?? this.#otherName(event) ?? this.#afterLogin(event);
  }

  #afterEnd(event: Event): string | undefined {
    if (this.#ended) return "the end, and then more";
    this.#ended = event.kind === "complaint" && ownEnd(event.text) !== undefined;
    return undefined;
  }

  #again(event: Event): string | undefined {
    const once = onceOf(event);
    if (once === undefined) return undefined;
    const { id, name } = once;
    if (this.#said.has(id)) return `two times ${name}`;
    this.#said.add(id);
    return undefined;
  }

  /** ssh names its alias each time before it looks up a key, and then in its answer. */
  #otherName(event: Event): string | undefined {
    if (event.kind === "host-key-alias") {
      const before = (this.#alias ??= event.name);
      return event.name === before ? undefined : "two names for the host";
    }
    if (this.#alias === undefined || (event.kind !== "host-known" && event.kind !== "host-unknown")) return undefined;
    return event.name === this.#alias.slice(0, shownOfName) ? undefined : "two names for the host";
  }

  /** A certificate that is by a known CA may still be over; but whoever is known is not unknown, and encryption comes after all this. */
  #afterKnown(event: Event): string | undefined {
    if (!verdicts.has(event.kind)) return undefined;
    if (this.#said.has("newkeys-sent")) return "the host looked up when its key counted already";
    const before = this.#known;
    this.#known = event.kind === "host-known" ? event : undefined;
    if (before?.kind !== "host-known" || (before.certificate && event.kind === "host-certificate-refused")) return undefined;
    return "the host known, and then not";
  }

  #afterLogin(event: Event): string | undefined {
    this.#loggedIn ||= event.kind === "authenticated";
    return this.#loggedIn && notIn.has(event.kind) ? "logged in, and then not" : undefined;
  }
}

interface Once {
  readonly id: string;
  /** In words. */
  readonly name: string;
}

/** What happens once. */
function onceOf(event: Event): Once | undefined {
  switch (event.kind) {
    case "server-version":
      return { id: "server-version", name: "the host's version" };
    case "kexinit":
      return { id: `kexinit-${event.way}`, name: `SSH_MSG_KEXINIT ${event.way}` };
    case "chosen":
      return { id: `chosen-${event.what}`, name: `a ${event.what} algorithm` };
    case "kex-reply":
      return { id: event.message, name: event.message };
    case "host-key":
    case "host-certificate":
      return { id: "host-key", name: "the host's key" };
    case "newkeys":
      return { id: `newkeys-${event.way}`, name: `SSH_MSG_NEWKEYS ${event.way}` };
    case "service-accepted":
      return { id: "service-accepted", name: "SSH_MSG_SERVICE_ACCEPT" };
    default:
      return undefined;
  }
}
