import { describe } from "@jest/globals";
import type { Fleet } from "../../../src/fleet/fleet.js";
import { ruleOf } from "./fleet-of.js";
import { check, type Parts } from "./told.js";

const [web, db] = [ruleOf("platform-web"), ruleOf("dba-db", { as: ["postgres-admin"] })];
const access = (...rules: Fleet["access"]): Parts => ({ access: rules });

describe("rules of the same access", () => {
  const ops = ruleOf("platform-web", { name: "ops-web", as: ["ops"] });
  check([
    ["a rule with another name", access(web), access({ ...web, name: "w" }), ["~ rule platform-web is now called w"]],
    [
      "a rule with another name and another life",
      access(web),
      access({ ...web, name: "w", for: 300 }),
      ["+ platform: certificates of rule w are now valid for 5m, not 1m", "~ rule platform-web is now called w"],
    ],
    [
      "a rule with another name and an account less",
      access(web),
      access({ ...web, name: "w", as: ["ops"] }),
      ["- platform may no longer log in as deploy on web", "~ rule platform-web is now called w"],
    ],
    [
      "two rules that change their names",
      access(web, ops),
      access({ ...web, name: "ops-web" }, { ...ops, name: "platform-web" }),
      [
        // by name, they are what they were, and give other accounts
        "~ platform: deploy on web stays, by rule ops-web (1m, pty), no longer by rule platform-web (1m, pty)",
      ],
    ],
    [
      "a rule whose account another gives as well",
      access(web, ops),
      access(web),
      ["~ platform: ops on web stays, by rule platform-web (1m, pty), no longer by rule ops-web (1m, pty)"],
    ],
    [
      "a rule of which another gives one account",
      access(web, ops),
      access(ops),
      [
        "- platform may no longer log in as deploy on web",
        "~ platform: ops on web stays, by rule ops-web (1m, pty), no longer by rule platform-web (1m, pty)",
      ],
    ],
    [
      "a rule that gave more than the one that stays",
      access(web, { ...ops, for: 3600, with: ["port-forwarding"] }),
      access(web),
      [
        "- platform may no longer use port forwarding on web as ops",
        "- platform: ops on web stays, by rule platform-web (1m, pty), no longer by rule ops-web (1h, port forwarding)",
      ],
    ],
    [
      "a permission that another rule gives",
      access(web, ops),
      access(web, { ...ops, with: [] }),
      ["~ platform keeps a pty on web as ops, by rule platform-web (1m, pty), no longer by rule ops-web (1m, pty)"],
    ],
    [
      "a new rule for what there is",
      access(web),
      access(web, { ...ops, for: 300, with: ["pty", "port-forwarding"] }),
      [
        "+ platform may now use port forwarding on web as ops (rule ops-web)",
        "+ platform may log in as ops on web also by rule ops-web (5m, pty, port forwarding)",
      ],
    ],
    [
      "a permission that there is by another rule",
      access(web, { ...ops, with: [] }),
      access(web, ops),
      ["~ platform may use a pty on web as ops also by rule ops-web"],
    ],
    [
      "a new rule with a reserve for what there is",
      access(web),
      access(web, { ...ops, reserve: 3600 }),
      ["+ platform may log in as ops on web also by rule ops-web (1m, pty, reserve 1h)"],
    ],
    [
      "a new rule of no longer life for what there is",
      access(web),
      access(web, ops),
      ["~ platform may log in as ops on web also by rule ops-web (1m, pty)"],
    ],
    [
      "a permission of a short rule that a long one takes over",
      access(ops, { ...ops, name: "long", for: 3600, with: [] }),
      access({ ...ops, name: "long", for: 3600 }),
      ["+ platform: ops on web stays, by rule long (1h, pty), no longer by rule ops-web (1m, pty)"],
    ],
    [
      "a permission of a long rule that only a short one still gives for an account",
      access(
        { ...ops, name: "short" },
        { ...ops, as: ["deploy", "ops"], for: 300 },
        { ...ops, name: "bare", for: 300, with: [] },
      ),
      access({ ...ops, name: "short" }, { ...ops, as: ["deploy"], for: 300 }, { ...ops, name: "bare", for: 300, with: [] }),
      ["- platform: ops on web stays, by rule bare (5m) and rule short (1m, pty), no longer by rule ops-web (5m, pty)"],
    ],
    [
      "times",
      access({ ...db, reserve: 3600 }),
      access({ ...db, for: 300, reserve: 1800 }),
      [
        "- rule dba-db: the reserve certificate is now valid for 30m, not 1h",
        "+ dba: certificates of rule dba-db are now valid for 5m, not 1m",
      ],
    ],
  ]);
});
