/** Where the verbs of `host` work, and whose token that takes. */
import { verb } from "../../../errors/hint.js";
import { atRegistry as at, type Registry } from "../../registry.js";

export type { Registry };

const policy = {
  say: "hosts are added and removed with the registrar's policy, which changes with the fleet's groups",
  run: verb("apply --print-policy registrar"),
};

/** Opens it, and does something there; where the token may not, it is said whose it has to be. */
export const atRegistry = <T>(what: string, work: (registry: Registry) => Promise<T>): Promise<T> =>
  at(`host ${what}`, policy, work);
