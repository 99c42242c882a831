/** What is said below the list about hosts that fail. */
import { expect, test } from "@jest/globals";
import { describeFailing } from "../../../src/cli/verbs/host/state-words.js";
import { wrap } from "../../../src/terminal/wrap.js";
import type { HostState } from "../../../src/host/state.js";

const certified: HostState = { kind: "certified", until: new Date(0) };
const failing: HostState = { kind: "failing", since: undefined, problem: "a", until: undefined };

test.each<[what: string, states: readonly HostState[], says: string | undefined]>([
  ["none", [], undefined],
  ["none of them fails", [certified], undefined],
  [
    "one fails",
    [certified, failing],
    "ssh-trust host show h\\033[1.example.org has the whole reason; on the host: journalctl -u ",
  ],
  ["two fail", [failing, failing], "ssh-trust host show <name> has the whole reason; on the host: journalctl -u "],
])("%s", (_what, states, says) => {
  const hosts = states.map((state, at) => ({ name: `h\u001b[${String(at)}.example.org`, state }));
  const said = describeFailing(hosts, "ssh-trust");
  expect(said === undefined ? said : wrap(said, undefined)).toEqual(
    says === undefined ? undefined : expect.stringContaining(says),
  );
});
