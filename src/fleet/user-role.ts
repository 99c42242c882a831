/** What Vault's role of a rule is: `apply` makes it so, and what it signs is held against it. */
import { permissions, type AccessRule, type Fleet } from "./fleet.js";
import { principalOf } from "./vault-names.js";

/**
 * @param name of the role: the rule's own, or that of its reserve
 * @param life in seconds; a caller may ask for as much and no more
 */
export const userRoleOf = ({ mounts }: Pick<Fleet, "mounts">, rule: AccessRule, name: string, life: number) =>
  ({
    mount: mounts.userCa,
    name,
    certificates: "user",
    principals: rule.as.map((account) => principalOf(account, rule.on)),
    signsUnasked: false,
    ttl: life,
    maxTtl: life,
    extensions: Object.fromEntries(rule.with.map((each) => [permissions[each], ""])),
  }) as const;
