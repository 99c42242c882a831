/** The fleet file as YAML 1.2: its value, where each part of it stands, and what is wrong with it as YAML. */
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Alias,
  type Document,
  type Node,
  type Scalar,
} from "yaml";
import { quoted, type Mistake, type Path } from "../mistakes.js";
import { offsetOf, positionAt, type Offsets, type Position } from "./positions.js";
import { secretsIn } from "./secrets.js";
import { syntaxMistakes } from "./explain-syntax.js";
import { syntaxProblems } from "./syntax.js";

export interface FleetDocument {
  /** Maps, lists, text, numbers, true and false, null; undefined where it is no YAML, or no map. */
  readonly value: Readonly<Record<string, unknown>> | undefined;
  readonly mistakes: readonly Mistake[];
  readonly positionOf: (mistake: Mistake) => Position;
}

/** A person's file has hundreds of values; what has more than these is aliases of aliases, or no fleet. */
const most = { characters: 1_000_000, values: 100_000 };

export function readDocument(text: string): FleetDocument {
  const lines = new LineCounter();
  const found = text.length > most.characters ? tooLarge : parsed(text.replace(/^\ufeff/, ""), lines);
  return { ...found, positionOf: (mistake) => positionAt(lines, offsetOf(mistake, found.offsets)) };
}

type Found = Omit<FleetDocument, "positionOf"> & { readonly offsets: Offsets };

const nothing = (mistakes: readonly Mistake[]): Found => ({ value: undefined, mistakes, offsets: new Map() });
const ofFile = (problem: string, offset = 0): Mistake => ({ path: [], problem, offset });
const save = "save the file with the line ends of Unix (LF)";
const oldLineEnds = `lines end with CR alone, as on old Macs: ${save}`;
const oddLineEnd = `this line ends, or is broken, with a CR that no LF follows: ${save}`;
const tooLarge = nothing([ofFile("the file has more than 1 MB: this is no fleet file")]);

function parsed(text: string, lineCounter: LineCounter): Found {
  // Secrets may stand in comments, too.
  const secrets = secretsIn(text).map((offset) =>
    ofFile("this looks like a secret, which is not shown here: take it out of the file, and have it revoked", offset),
  );
  const odd = text.search(/\r(?!\n)/);
  if (odd >= 0) {
    // yaml, which counts lines, is not asked any more.
    for (const { index } of text.matchAll(/^|(?<=\n)/g)) lineCounter.addNewLine(index);
    return nothing([...secrets, text.includes("\n") ? ofFile(oddLineEnd, odd) : ofFile(oldLineEnds)]);
  }
  let document: Document.Parsed;
  try {
    const options = { version: "1.2", stringKeys: true, uniqueKeys: false, prettyErrors: false, logLevel: "error" } as const;
    document = parseDocument(text, { ...options, lineCounter });
  } catch {
    return nothing([...secrets, ofFile(syntaxProblems.IMPOSSIBLE)]);
  }
  const wrong = [...document.errors, ...document.warnings].map(({ code, pos: [offset] }) => ({ code, offset }));
  const syntax = syntaxMistakes(text, wrong).map(({ offset, problem }) => ofFile(problem, offset));
  if (document.directives.yaml.version !== "1.2") syntax.push(ofFile("a fleet file is YAML 1.2: leave out the line %YAML"));
  if (syntax.length > 0) return nothing([...secrets, ...syntax]);
  const top = document.contents;
  if (top === null || (isScalar(top) && top.value === null)) return nothing([...secrets, ofFile("the file says nothing")]);
  const walk = new Walk(document);
  const value = walk.valueOf(top, [], top.range[0]);
  const mistakes = [...secrets, ...walk.mistakes];
  if (isMap(top)) return { value: value as Readonly<Record<string, unknown>>, mistakes, offsets: walk.offsets };
  return nothing([
    ...mistakes,
    ofFile(`the file has to be a map (key: value), and is ${isSeq(top) ? "a list" : "text"}`, top.range[0]),
  ]);
}

/** An anchor may be set again: an alias is to the last one above it. */
function targetsIn(document: Document.Parsed): ReadonlyMap<Alias, Node> {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  visit(document, {
    Node: (_key, node) => {
      if (!isAlias(node)) {
        if (node.anchor !== undefined) anchors.set(node.anchor, node);
        return;
      }
      const target = anchors.get(node.source);
      if (target !== undefined) targets.set(node, target);
    },
  });
  return targets;
}

/** Quotes as word processors and chats make them. */
const curly = /^[\u00ab\u2018-\u201f]/;

/** From nodes to values. Keys are text, each once; aliases are written out. */
class Walk {
  readonly mistakes: Mistake[] = [];
  readonly offsets = new Map<string, { key: number; value: number }>();
  #values = 0;
  /** Collections that are being walked: an alias to one of them has no end. */
  readonly #open = new Set<Node>();
  #targets: ReadonlyMap<Alias, Node> | undefined;

  constructor(readonly document: Document.Parsed) {}

  valueOf(node: Node | null | undefined, path: Path, key: number): unknown {
    const offset = node?.range?.[0] ?? key;
    this.offsets.set(JSON.stringify(path), { key, value: offset });
    this.#values += 1;
    if (this.#values > most.values) {
      if (this.#values === most.values + 1)
        this.#wrong(path, `the file has more than ${String(most.values)} values, with its aliases written out`);
      return null;
    }
    if (node === null || node === undefined) return null;
    if (isAlias(node)) return this.#aliased(node.source, this.#targetOf(node), path, offset);
    if (isScalar(node)) return this.#scalar(node, path);
    this.#open.add(node);
    try {
      return isSeq(node)
        ? node.items.map((item, index) => this.valueOf(item as Node, [...path, index], offset))
        : this.#map(node, path);
    } finally {
      this.#open.delete(node);
    }
  }

  /** What aliases stand for: found for all of them at once, as `node.resolve` goes through the whole document for one. */
  #targetOf(alias: Alias): Node | undefined {
    this.#targets ??= targetsIn(this.document);
    return this.#targets.get(alias);
  }

  #aliased(name: string, target: Node | undefined, path: Path, offset: number): unknown {
    if (target !== undefined && !this.#open.has(target)) return this.valueOf(target, path, offset);
    return this.#wrong(
      path,
      target === undefined
        ? `${quoted(`*${name}`)} begins with *, which is an alias in YAML: put it in quotes`
        : "an alias to what it stands in has no end",
    );
  }

  /** A number is what it looks like: not an account id with a zero before it, nor one with more digits than a number keeps. */
  #scalar({ value, source, type }: Scalar, path: Path): unknown {
    if (type === "PLAIN" && typeof value === "string" && curly.test(value))
      return this.#wrong(path, `${quoted(value.charAt(0))} is no quote to YAML: write " or '`);
    if (typeof value !== "number" || String(value) === source) return value;
    return this.#wrong(
      path,
      `${quoted(source ?? "")} would be read as the number ${String(value)}; if it is text, put it in quotes`,
    );
  }

  #map(node: Node, path: Path): Record<string, unknown> {
    const value: Record<string, unknown> = {};
    for (const pair of isMap<Node, Node | null>(node) ? node.items : []) {
      const key = isScalar(pair.key) ? String(pair.key.value) : undefined;
      const offset = pair.key.range?.[0] ?? 0;
      const at = [...path, key ?? "?"];
      if (key === undefined) this.#wrong(at, "a key is a word", offset);
      else if (key === "__proto__") this.#wrong(at, "no key can be called so", offset);
      else if (Object.hasOwn(value, key))
        this.mistakes.push({ path: at, problem: `the key ${quoted(key)} is repeated`, offset, first: { path: at, ofKey: true } });
      else value[key] = this.valueOf(pair.value, at, offset);
    }
    return value;
  }

  #wrong(path: Path, problem: string, offset?: number): null {
    this.mistakes.push({ path, problem, ...(offset === undefined ? {} : { offset }) });
    return null;
  }
}
