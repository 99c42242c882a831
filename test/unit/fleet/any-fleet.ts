/** Small fleets of few names, so that their rules meet. */
import fc from "fast-check";
import type { AccessRule, Fleet, Permission } from "../../../src/fleet/fleet.js";
import { fleetOf, hostsOf, peopleOf } from "./fleet-of.js";

const [whos, ons, accounts] = [
  ["dba", "platform"],
  ["db", "web"],
  ["deploy", "ops", "root"],
];
const permissions: readonly Permission[] = ["pty", "port-forwarding", "agent-forwarding"];
const some = <T>(of: readonly T[], minLength = 0) => fc.uniqueArray(fc.constantFrom(...of), { minLength });

export const anyRule = fc.record<AccessRule>({
  name: fc.constantFrom("a", "b", "c", "d", "e"),
  who: fc.constantFrom(...whos),
  on: fc.constantFrom(...ons),
  as: some(accounts, 1),
  for: fc.constantFrom(60, 300),
  with: some(permissions),
  forwardTo: some(ons),
  reserve: fc.constantFrom(undefined, 1800, 3600),
});
export const anyFleet = fc
  .record({
    access: fc.uniqueArray(anyRule, { selector: ({ name }) => name }),
    hosts: fc.tuple(
      ...ons.map((name) =>
        some(["x-*.example.org", "x-1.example.org", "y-*.example.org"], 1).map((names) => hostsOf(name, { names })),
      ),
    ),
    people: fc.tuple(...whos.map((name) => some(["a", "b"]).map((groups) => peopleOf(name, ...groups)))),
  })
  .map((parts) => fleetOf(parts));

/** Two fleets: any two, or such that differ in a rule, which is where rules of the same access meet. */
export const twoFleets = fc.tuple(anyFleet, fc.oneof(anyFleet, anyRule)).map(([before, other]): [Fleet, Fleet] => {
  if ("access" in other) return [before, other];
  return [before, { ...before, access: [...before.access.filter(({ name }) => name !== other.name), other] }];
});
