import { describe } from "@jest/globals";
import type { Fleet } from "../../../src/fleet/fleet.js";
import { ruleOf } from "./fleet-of.js";
import { check, type Parts } from "./told.js";

const [web, db] = [ruleOf("platform-web"), ruleOf("dba-db", { as: ["postgres-admin"] })];
const access = (...rules: Fleet["access"]): Parts => ({ access: rules });
const webWith = (more: Parameters<typeof ruleOf>[1]) => ruleOf("platform-web", more);

describe("access that is withdrawn", () => {
  check([
    ["an account", access(web), access(webWith({ as: ["deploy"] })), ["- platform may no longer log in as ops on web"]],
    ["a rule", access(web, db), access(db), ["- platform may no longer log in as deploy, ops on web"]],
    ["a permission", access(web), access(webWith({ with: [] })), ["- platform may no longer use a pty on web"]],
    [
      "a permission, for some accounts",
      access(web, { ...web, name: "ops", as: ["ops"], with: ["port-forwarding"] }),
      access(web, { ...web, name: "ops", as: ["ops"], with: [] }),
      ["- platform may no longer use port forwarding on web as ops"],
    ],
    [
      "where a forwarded agent may lead",
      access(webWith({ with: ["agent-forwarding"], forwardTo: ["db", "web"] })),
      access(webWith({ with: ["agent-forwarding"], forwardTo: ["web"] })),
      ["- platform may no longer use agent forwarding to db on web"],
    ],
    [
      "a reserve",
      access(webWith({ reserve: 3600 })),
      access(web),
      ["- rule platform-web: there is no longer a reserve certificate"],
    ],
    [
      "a rule that now is of others: the name is not what counts",
      access(web),
      access({ ...web, who: "dba" }),
      [
        "- platform may no longer log in as deploy, ops on web",
        "+ dba may now log in as deploy, ops on web (rule platform-web): 1m, pty",
      ],
    ],
  ]);
});

describe("access that is granted", () => {
  check([
    [
      "a rule",
      access(),
      access(webWith({ with: ["port-forwarding", "pty"], reserve: 3600 })),
      ["+ platform may now log in as deploy, ops on web (rule platform-web): 1m, pty, port forwarding, reserve 1h"],
    ],
    [
      "an account",
      access(webWith({ as: ["ops"] })),
      access(web),
      ["+ platform may now log in as deploy on web (rule platform-web): 1m, pty"],
    ],
    [
      "a permission",
      access(db),
      access({ ...db, with: ["pty", "port-forwarding"] }),
      ["+ dba may now use port forwarding on db (rule dba-db)"],
    ],
    [
      "agent forwarding, and where it may lead",
      access(web),
      access(webWith({ with: ["pty", "agent-forwarding", "x11-forwarding", "user-rc"], forwardTo: ["db"] })),
      ["+ platform may now use X11 forwarding, ~/.ssh/rc and agent forwarding to db on web (rule platform-web)"],
    ],
    [
      "a reserve",
      access(db),
      access({ ...db, reserve: 3600 }),
      ["+ rule dba-db: a reserve certificate of 1h for when Vault does not answer"],
    ],
  ]);
});
