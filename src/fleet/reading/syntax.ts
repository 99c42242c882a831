/** What yaml finds wrong with a file, in our words: its own may quote what stands in the file. */
import type { ErrorCode } from "yaml";

export const syntaxProblems: Readonly<Record<ErrorCode, string>> = {
  ALIAS_PROPS: "an alias (*name) has no anchor and no tag of its own",
  BAD_ALIAS: "text that begins with * or & has to be in quotes",
  BAD_DIRECTIVE: "a line that begins with % is a directive of YAML, and none is needed",
  BAD_DQ_ESCAPE: "there is no such escape in \"…\"; in '…' a backslash is a backslash",
  BAD_INDENT: "this line is not indented like those that it belongs to",
  BAD_PROP_ORDER: "anchors (&name) and tags (!name) come before what they belong to",
  BAD_SCALAR_START: "a value cannot begin with this character; put it in quotes",
  BLOCK_AS_IMPLICIT_KEY: "a second key cannot be in the same line; put it in a line of its own, or the value in quotes",
  BLOCK_IN_FLOW: "between { } or [ ] there are no lines that are indented; separate by commas",
  DUPLICATE_KEY: "this key is here twice",
  IMPOSSIBLE: "this is not YAML",
  KEY_OVER_1024_CHARS: "a key is too long",
  MISSING_CHAR: "a closing quote, a bracket, a comma, a colon or a blank is missing here or before",
  MULTILINE_IMPLICIT_KEY: "a key is in one line, and a colon behind it",
  MULTIPLE_ANCHORS: "a value has one anchor (&name) at most",
  MULTIPLE_DOCS: "a second document begins here; a fleet file has one",
  MULTIPLE_TAGS: "a value has one tag (!name) at most",
  NON_STRING_KEY: "a key is a word",
  TAB_AS_INDENT: "here is a tab; YAML is indented with blanks",
  TAG_RESOLVE_FAILED: "a tag (!name) has no meaning here",
  UNEXPECTED_TOKEN: "this does not belong here; is a quote, a comma or a colon missing before it?",
  BAD_COLLECTION_TYPE: "a tag (!name) has no meaning here",
  RESOURCE_EXHAUSTION: "it is nested too deeply",
};

/** Mistakes behind which the rest of the file can be read all the same. */
export const alone: readonly ErrorCode[] = [
  ...(["ALIAS_PROPS", "BAD_ALIAS", "BAD_DIRECTIVE", "BAD_DQ_ESCAPE", "BAD_SCALAR_START", "BAD_COLLECTION_TYPE"] as const),
  ...(["MULTIPLE_ANCHORS", "MULTIPLE_DOCS", "MULTIPLE_TAGS", "TAG_RESOLVE_FAILED", "RESOURCE_EXHAUSTION"] as const),
];
