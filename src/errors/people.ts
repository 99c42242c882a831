/** Errors of people, their sign-in and their invitations. */
import type { Entry, Fields } from "./entry.js";
import { docsPage, vaultCall, verb, type Advice } from "./hint.js";

export const peopleErrors = {
  PERSON_NAME_INVALID: {
    message: (p: Fields<"name" | "problem">) => `"${p.name}" ${p.problem}`,
    hint: (p: { readonly removing: boolean }): readonly Advice[] => [
      { say: "write the name that the person signs in with, such as alice" },
      ...(p.removing
        ? [
            {
              say: "or, for somebody from an identity provider, add the method",
              run: verb("people remove <name> --method oidc"),
            },
          ]
        : []),
    ],
    exit: 2,
  },
  PERSON_EXISTS: {
    message: (p: Fields<"name">) => `${p.name} already exists: adding never overwrites a password`,
    hint: (p: Fields<"name">) => [
      { say: "see the groups", run: verb("people list") },
      {
        say: "or, if the invitation, the password or the phone is lost, create another invitation",
        run: verb(`people reset ${p.name} --out <file>`),
      },
      { say: "or, if it is another person, choose a name that nobody has" },
    ],
    exit: 1,
  },
  PERSON_UNKNOWN: {
    message: (p: Fields<"name" | "where">) => `Vault knows no ${p.name} at ${p.where}`,
    hint: (p: Fields<"name" | "elsewhere">): readonly Advice[] => [
      ...(p.elsewhere === ""
        ? []
        : [
            {
              say: `somebody of that name signs in by ${p.elsewhere}`,
              run: verb(`people remove ${p.name} --method ${p.elsewhere}`),
            },
          ]),
      { say: "list the people", run: verb("people list") },
    ],
    exit: 1,
  },
  PERSON_REMAINS: {
    message: (p: Fields<"name">) =>
      `${p.name} has no password any more, but Vault still has a record named ${p.name}, and a new person of that name would have the same rights`,
    hint: (p: Fields<"name">) => [
      { say: "remove what is left", run: verb(`people remove ${p.name}`) },
      { say: "then run the same command again" },
    ],
    exit: 1,
  },
  PERSON_DISABLED: {
    message: (p: Fields<"name">) => `${p.name} was removed: the entity of that name in Vault is disabled`,
    hint: (p: Fields<"name" | "id"> & { readonly kept: boolean }): readonly Advice[] =>
      p.kept
        ? [
            {
              say: "it is kept, as the same person signs in elsewhere; an administrator of Vault can enable it again",
              run: vaultCall(`vault write identity/entity/id/${p.id} disabled=false`),
            },
            { say: "then run the same command again" },
          ]
        : [
            { say: "finish that", run: verb(`people remove ${p.name}`) },
            { say: "then invite a new person of that name", run: verb(`people add ${p.name} --group <group>`) },
          ],
    exit: 1,
  },
  PERSON_CHANGED: {
    message: (p: Fields<"name">) => `somebody else removed ${p.name} at the same time`,
    hint: () => ({ say: "see who is left, and whether that was intended", run: verb("people list") }),
    exit: 1,
  },
  PERSON_LEFT_BEHIND: {
    message: (p: Fields<"name" | "reason">) =>
      `${p.name} was created in Vault, but nobody received the invitation, and the removal failed: ${p.reason}`,
    hint: (p: Fields<"name">) => ({ say: "remove it", run: verb(`people remove ${p.name}`) }),
    exit: 1,
  },
  PEOPLE_GROUP_UNKNOWN: {
    /** `known`: what was meant, or which there are, such as "; did you mean "platform"?". */
    message: (p: Fields<"group" | "known">) => `the fleet has no group of people "${p.group}"${p.known}`,
    hint: () => [
      { say: "name one of these with --group" },
      { say: "or put the group into the fleet file, under people, then apply that", run: verb("apply") },
    ],
    exit: 1,
  },
  PEOPLE_GROUP_MISSING: {
    message: (p: Fields<"group" | "path">) => `the group of people ${p.group} no longer exists in Vault ("${p.path}")`,
    hint: () => ({
      say: "apply the fleet file again, with an operator's token: it is recreated, without its members",
      run: verb("apply"),
    }),
    exit: 1,
  },
  PEOPLE_WITHOUT_PASSWORDS: {
    message: (p: Fields<"problem">) => `nobody can be invited: ${p.problem}`,
    hint: () => [
      { say: "people from an identity provider are not invited: they sign in, and are in the groups that it gives them" },
      { say: "for others, give the fleet file a sign-in.userpass of its own, then apply that", run: docsPage("fleet.md") },
    ],
    exit: 1,
  },
  PEOPLE_SECOND_FACTOR_MISSING: {
    message: (p: Fields<"mount">) =>
      `the second factor is not enforced at auth/${p.mount} as it was applied: a password alone would be enough`,
    hint: () => ({ say: "apply the fleet file again, with an operator's token", run: verb("apply") }),
    exit: 1,
  },
  PEOPLE_ARE_CHANGED: {
    message: (p: Fields<"path" | "seconds">) =>
      `others have been adding or removing people for ${p.seconds} s, one after the other ("${p.path}")`,
    hint: () => ({ say: "wait until they have ended, then run the same command again" }),
    exit: 1,
  },
} as const satisfies Record<string, Entry>;
