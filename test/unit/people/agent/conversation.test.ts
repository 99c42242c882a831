/** What is offered and signed on a connection, by all that was said on it: A01 to A07 and A09 of the cases, each by its reason. */
import { describe, expect, test } from "@jest/globals";
import type { SessionBind } from "../../../../src/ssh/agent/session-bind.js";
import type { Conversation } from "../../../../src/ssh/agent/serve.js";
import { ed25519Signer, strings } from "../../../programs/build-certificate.js";
import * as party from "./party.js";

const { partyOf, hostOf, bindOf, proofOf, signature } = party;
const web = hostOf();
const web2 = hostOf({ principals: strings("web-2.example.org") });
const jump = party.jump();
const db = party.db();
const stranger = ed25519Signer();
const eve = hostOf({ ca: stranger.blob, sign: stranger.sign });
const over = { forwarded: true };

/** A bind, or what is wrong with one. */
type Said = readonly (SessionBind | string)[];

/** As a server of agents hands it on. */
function say(conversation: Conversation, said: Said): void {
  for (const each of said) {
    try {
      if (typeof each === "string") conversation.badBind(each);
      else conversation.bind(each);
    } catch (error) {
      conversation.badBind((error as Error).message);
    }
  }
}
const times = (count: number, bind: SessionBind) => Array.from({ length: count }, () => bind);

describe("nothing is offered", () => {
  test.each<[what: string, said: Said, says: string]>([
    ["no bind (A09)", [], "nothing: the client did not say which host it talks to; OpenSSH 8.9 and later do"],
    ["a plain key (A01)", [bindOf(web, { plain: true })], "nothing: the host showed a plain key"],
    ["another CA (A02)", [bindOf(eve)], "is by another CA"],
    ["expired (A03)", [bindOf(hostOf({ validBefore: 1n }))], "is not valid now"],
    ["of a user (A04)", [bindOf(hostOf({ certType: 1 }))], "a user certificate"],
    ["a wrong signature (A04)", ["the host's signature is wrong"], "refused: the host's signature is wrong"],
    ["a group without a rule of hers", [bindOf(db)], "no rule lets alice log in to db-1.example.org (db)"],
    ["forwarded, and the host asks for itself", [bindOf(web, over)], "a host to which the agent is forwarded asked for itself"],
    [
      "forwarded by no rule (A05)",
      [bindOf(db, over), bindOf(web)],
      "no rule of alice forwards an agent from db-1.example.org (db) to web-1",
    ],
    [
      "forwarded to a group that no rule names (A05)",
      [bindOf(web, over), bindOf(jump)],
      "no rule of alice forwards an agent from web-1.example.org (web) to jump-1",
    ],
    ["over two, the last step by no rule", [bindOf(jump, over), bindOf(web, over), bindOf(jump)], "from web-1.example.org (web)"],
    [
      "over two, one a stranger",
      [bindOf(jump, over), bindOf(eve, over), bindOf(web)],
      "forwarded over a host: the certificate of web-1.example.org is by another CA",
    ],
    [
      "over a host with a plain key",
      [bindOf(web, { ...over, plain: true }), bindOf(web2)],
      "forwarded over a host: the host showed a plain key",
    ],
    ["over the fleet to a stranger", [bindOf(web, over), bindOf(eve)], "is by another CA"],
    ["a wrong bind after a good one", [bindOf(web), "wrong"], "refused: wrong"],
    ["a good bind after a wrong one", ["wrong", bindOf(web)], "nothing: wrong"],
    ["a second host", [bindOf(web), bindOf(web2)], "nothing: the client named a second host"],
    ["the same host again", [bindOf(web), bindOf(web)], "nothing: the client named a second host"],
    ["forwarded, after it was not", [bindOf(web), bindOf(web2, over)], "nothing: the client named a second host"],
    ["seventeen hosts", times(17, bindOf(web, over)), "nothing: the client named more than 16 hosts"],
  ])("%s", async (_what, said, says) => {
    const { open, told } = partyOf();
    const conversation = open();
    say(conversation, said);
    expect(await conversation.identities()).toEqual([]);
    expect(told().join("\n")).toContain(says);
  });

  test.each<[what: string, member: party.MemberChanges, says: string]>([
    ["nobody is known", { known: undefined, problem: "Vault is sealed" }, "nothing: Vault is sealed"],
    ["nobody is known, for no reason", { known: undefined }, "nothing: nobody is signed in: ssh-trust login"],
    [
      "her policies are others'",
      { known: { me: { ...party.alice, policies: ["ssh-trust-people-platform2"] }, stored: party.stored } },
      "no rule lets alice log in",
    ],
  ])("%s", async (_what, changed, says) => {
    const { open, told } = partyOf(party.memberOf(party.alice, changed));
    const conversation = open();
    conversation.bind(bindOf(web));
    expect(await conversation.identities()).toEqual([]);
    expect(told().join("\n")).toContain(says);
  });
});

describe("offered", () => {
  const both = ["platform-tunnels", "platform-web"]; // the one that permits most comes first
  test.each<[what: string, said: Said, rules: readonly string[]]>([
    ["at web", [bindOf(web)], both],
    ["at jump", [bindOf(jump)], ["platform-jump"]],
    ["forwarded from web to web", [bindOf(web, over), bindOf(web2)], both],
    ["forwarded over two", [bindOf(jump, over), bindOf(jump, over), bindOf(web)], both],
    ["forwarded over fifteen", [...times(15, bindOf(web, over)), bindOf(web2)], both],
  ])("%s", async (_what, said, rules) => {
    const conversation = partyOf().open();
    expect(await conversation.identities()).toEqual([]); // who asks before it says anything gets nothing, and may go on
    say(conversation, said);
    expect((await conversation.identities()).map(({ comment }) => comment)).toEqual(rules.map((rule) => `ssh-trust: ${rule}`));
  });
});

describe("signed", () => {
  /** A connection to web, with the certificate of the rule that has deploy alone. */
  async function talk(opened = partyOf()) {
    const conversation = opened.open();
    const sessionId = party.newSession();
    conversation.bind(bindOf(web, { sessionId }));
    const [offered] = await conversation.identities();
    return { conversation, sessionId, key: offered?.blob ?? Buffer.alloc(0), told: opened.told };
  }
  type Talk = Awaited<ReturnType<typeof talk>>;

  test.each<[what: string, data: (talk: Talk) => Buffer, says: string]>([
    [
      "for another session",
      ({ key }) => proofOf({ sessionId: Buffer.alloc(32), key }),
      "another session than the one that was named",
    ],
    [
      "for the beginning of the session's id",
      ({ key, sessionId }) => proofOf({ sessionId: sessionId.subarray(1), key }),
      "another session",
    ],
    [
      "with another key in it",
      ({ sessionId }) => proofOf({ sessionId, key: Buffer.from("key") }),
      "another key than the one that is to sign",
    ],
    [
      "at another host",
      ({ key, sessionId }) => proofOf({ sessionId, key, hostKey: web2.certificate }),
      "another host than the one that was named",
    ],
    ["at the host's plain key", ({ key, sessionId }) => proofOf({ sessionId, key, hostKey: web.signer.blob }), "another host"],
    [
      "with another algorithm",
      ({ key, sessionId }) => proofOf({ sessionId, key, algorithm: "ssh-ed25519" }),
      "another algorithm",
    ],
    [
      "as root",
      ({ key, sessionId }) => proofOf({ sessionId, key, user: "root" }),
      "a login as root, which the rule platform-tunnels does not have",
    ],
    ["as the user of another rule", ({ key, sessionId }) => proofOf({ sessionId, key, user: "ops" }), "a login as ops"],
    ["as a user with capitals", ({ key, sessionId }) => proofOf({ sessionId, key, user: "Deploy" }), "a login as Deploy"],
    ["as nobody", ({ key, sessionId }) => proofOf({ sessionId, key, user: "" }), "a login as ,"],
    [
      "a commit",
      () => Buffer.concat([Buffer.from("SSHSIG"), strings("git", "", "sha512", Buffer.alloc(64))]),
      "what is to be signed: ",
    ],
    ["a sudo's challenge", () => Buffer.alloc(32, 1), "what is to be signed: "],
  ])("refused: %s", async (_what, data, says) => {
    const talked = await talk();
    const { conversation, key, told } = talked;
    await expect(conversation.sign({ key, data: data(talked), flags: 0 })).rejects.toThrow();
    expect(told().at(-1)).toMatch(/^refused: web-1\.example\.org \(web\): /);
    expect(told().at(-1)).toContain(says);
  });

  test("refused: a key that was not offered, and one that was, on another connection", async () => {
    const opened = partyOf();
    const first = await talk(opened);
    const conversation = opened.open();
    const sessionId = party.newSession();
    conversation.bind(bindOf(web, { sessionId }));
    for (const key of [first.key, web.signer.blob, Buffer.alloc(0), first.key.subarray(0, -1)]) {
      await expect(conversation.sign({ key, data: proofOf({ sessionId, key }), flags: 0 })).rejects.toThrow();
      expect(opened.told().at(-1)).toBe("refused: a signature by a key that was not offered on this connection");
    }
  });

  test.each<[what: string, then: Said]>([
    ["a second host was named", [bindOf(web2)]],
    ["a wrong bind came", ["wrong"]],
  ])("refused: after it was offered, %s", async (_what, then) => {
    const { conversation, key, sessionId } = await talk();
    say(conversation, then);
    await expect(conversation.sign({ key, data: proofOf({ sessionId, key }), flags: 0 })).rejects.toThrow();
  });

  test("refused: over a forwarded agent, for the session of the host in between", async () => {
    const { open } = partyOf();
    const conversation = open();
    const [one, two] = [party.newSession(), party.newSession()];
    conversation.bind(bindOf(web, { sessionId: one, forwarded: true }));
    conversation.bind(bindOf(web2, { sessionId: two }));
    const [offered] = await conversation.identities();
    const key = offered?.blob ?? Buffer.alloc(0);
    await expect(conversation.sign({ key, data: proofOf({ sessionId: one, key }), flags: 0 })).rejects.toThrow("another session");
    await expect(
      conversation.sign({ key, data: proofOf({ sessionId: two, key, hostKey: web.certificate }), flags: 0 }),
    ).rejects.toThrow("another host");
    expect(await conversation.sign({ key, data: proofOf({ sessionId: two, key, hostKey: web2.certificate }), flags: 0 })).toEqual(
      signature,
    );
  });

  test("good: by a server of before 8.9, and by one that names its host", async () => {
    const { conversation, key, sessionId, told } = await talk();
    expect(await conversation.sign({ key, data: proofOf({ sessionId, key }), flags: 0 })).toEqual(signature);
    const data = proofOf({ sessionId, key, hostKey: web.certificate });
    expect(await conversation.sign({ key, data, flags: 0 })).toEqual(signature);
    expect(told().at(-1)).toBe("signed: deploy at web-1.example.org (web), by platform-tunnels");
  });

  test("a certificate with which ssh-agent does not sign any more is refused, with its reason", async () => {
    const client = { ...party.holderClient(), sign: () => Promise.reject(new Error("it closed the connection")) };
    const { conversation, key, sessionId, told } = await talk(
      partyOf(party.memberOf(party.alice, { certificates: party.certificatesOf(client) })),
    );
    await expect(conversation.sign({ key, data: proofOf({ sessionId, key }), flags: 0 })).rejects.toThrow(
      "closed the connection",
    );
    expect(told().at(-1)).toBe("refused: web-1.example.org (web): it closed the connection");
  });
});

test("binds on and on, after one that is not believed: one decision is told", () => {
  const { open, told } = partyOf();
  say(open(), [bindOf(web), ...times(100, bindOf(web2)), "wrong", "wrong"]);
  expect(told()).toEqual(["refused: the client named a second host on the same connection"]);
});

test("where nothing is known of a group, Vault is asked again before she is refused, and what it says counts", async () => {
  let asked = 0;
  let known = { me: { ...party.alice, policies: [] as readonly string[] }, stored: party.stored };
  const member = {
    ...party.memberOf(),
    get known() {
      return known;
    },
    learn: () => {
      asked += 1;
      known = { me: party.alice, stored: party.stored };
      return Promise.resolve();
    },
  };
  const conversation = partyOf(member).open();
  conversation.bind(bindOf(web));
  expect(await conversation.identities()).toHaveLength(2);
  expect(asked).toBe(1);
  const strict = partyOf(member).open();
  strict.bind(bindOf(web, { plain: true }));
  expect(await strict.identities()).toEqual([]);
  expect(asked).toBe(1); // a plain key is none, whatever Vault says
});

test("two who are signed in: whoever may log in there", async () => {
  const bob = { ...party.alice, name: "bob", policies: ["ssh-trust-people-dba"] };
  const opened = partyOf(party.memberOf(), party.memberOf(bob));
  for (const [host, rules] of [
    [db, ["ssh-trust: dba-db"]],
    [jump, ["ssh-trust: platform-jump"]],
  ] as const) {
    const conversation = opened.open();
    conversation.bind(bindOf(host));
    expect((await conversation.identities()).map(({ comment }) => comment)).toEqual(rules);
  }
});
