/** What the lab advises where the toolkit's own advice is not the best: it mends what it is printed for. */
import { describe, expect, test } from "@jest/globals";
import { fail } from "../../../../lab/errors/catalogue.js";
import { hintFor } from "../../../../lab/face/hints.js";

const runs = (error: Parameters<typeof hintFor>[0], lab?: string) => hintFor(error, lab).map(({ run }) => run);

describe("a tool that is missing", () => {
  const how = { say: "the toolkit's advice", run: "true" };

  test("one that Debian has: how to install it, and the task that does", () => {
    const error = fail("TOOL_MISSING", { tool: "curl", why: "for a test", how });
    expect(runs(error)).toEqual(["true", "npm run prepare -- --install"]);
  });

  test("one that a task had found: that task", () => {
    const error = fail("TOOL_MISSING", { tool: "/opt/mytf", why: "for a test", kind: "found", how });
    expect(runs(error)).toEqual(["npm run prepare", "true"]);
  });

  test("one that the person named: no task finds it", () => {
    const error = fail("TOOL_MISSING", { tool: "terraform-x", why: "for a test", kind: "named", how });
    expect(runs(error)).toEqual(["true"]);
  });
});

describe("what somebody else made in Vault", () => {
  test("a mount or a role can be taken over", () => {
    const error = fail("VAULT_NOT_OURS", { what: "host-ssh", how: { say: "look" } });
    expect(runs(error)).toEqual(["npm run terraform-apply-… -- --adopt"]);
  });

  test("what is of a fleet, by the fleet's task", () => {
    expect(runs(fail("FLEET_NOT_OURS", { what: "the mount x" }))).toEqual(["npm run apply-fleet -- --adopt"]);
    expect(runs(fail("VAULT_ROLE_MISSING", { mount: "cloud-host-ssh", role: "web" }))).toEqual(["npm run apply-fleet"]);
    expect(runs(fail("CA_NOT_GENERATED", { mount: "cloud-host-ssh" }), "two")).toEqual(["SSH_TRUST_LAB=two npm run apply-fleet"]);
  });

  test("a fleet file for another server is to be changed: VAULT_ADDR may not even be set", () => {
    const told = { file: "f", variable: "the lab's Vault", given: "http://a", wanted: "http://b", how: { say: "write it" } };
    expect(hintFor(fail("FLEET_OTHER_VAULT", told))).toEqual([{ say: "write it" }]);
  });

  test("a host of that name, by a launch that says so", () => {
    const error = fail("HOST_ENROLLED", { name: "guest-far.lab.test" });
    expect(runs(error, "two")).toEqual([undefined, "SSH_TRUST_LAB=two npm run cloud -- launch guest-far --signed --adopt"]);
  });
});

describe("in a lab with a name of its own", () => {
  test("a task is told for that lab", () => {
    expect(runs(fail("CA_NOT_GENERATED", { mount: "host-ssh" }), "two")).toEqual([
      "SSH_TRUST_LAB=two npm run generate-host-signing-key",
    ]);
  });

  test("one that is told for another lab stays that lab's", () => {
    const error = fail("LAB_TAKEN", { what: "the port 21010", lab: "two", checkout: "/srv/other" });
    const [another, clean, left] = runs(error, "two");
    expect(another).toBe("export SSH_TRUST_LAB=second");
    expect(clean).toBe("(cd /srv/other && SSH_TRUST_LAB=two npm run clean)");
    expect(left).toContain(
      "--filter label=io.ssh-trust.lab.checkout=/srv/other | xargs -r docker rm -f; docker network prune -f",
    );
  });
});
