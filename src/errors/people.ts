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
              say: "or, of somebody whom an identity provider knows, name the method, too",
              run: verb("people remove <name> --method oidc"),
            },
          ]
        : []),
    ],
    exit: 2,
  },
  PERSON_EXISTS: {
    message: (p: Fields<"name">) => `${p.name} is there already: nobody's password is overwritten by adding`,
    hint: (p: Fields<"name">) => [
      { say: "see in which groups", run: verb("people list") },
      {
        say: "or, where the invitation, the password or the phone is lost, make another invitation",
        run: verb(`people reset ${p.name} --out <file>`),
      },
      { say: "or, where it is another person, give a name that nobody has" },
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
      { say: "see whom it knows", run: verb("people list") },
    ],
    exit: 1,
  },
  PERSON_REMAINS: {
    message: (p: Fields<"name">) =>
      `${p.name} has no password any more, but Vault still knows an ${p.name}, and a new one would have the same rights`,
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
              say: "it is kept, as the same person signs in elsewhere; whoever may change entities lets that person in again",
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
    hint: () => ({ say: "see who is there, and whether that was meant", run: verb("people list") }),
    exit: 1,
  },
  PERSON_LEFT_BEHIND: {
    message: (p: Fields<"name" | "reason">) =>
      `${p.name} was made in Vault and handed to nobody, and could not be taken away again: ${p.reason}`,
    hint: (p: Fields<"name">) => ({ say: "take it away", run: verb(`people remove ${p.name}`) }),
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
    message: (p: Fields<"group" | "path">) => `the group of people ${p.group} is gone from Vault ("${p.path}")`,
    hint: () => ({
      say: "apply the fleet file again, with an operator's token: it is made anew, without its members",
      run: verb("apply"),
    }),
    exit: 1,
  },
  PEOPLE_WITHOUT_PASSWORDS: {
    message: (p: Fields<"problem">) => `nobody can be invited: ${p.problem}`,
    hint: () => [
      { say: "people whom an identity provider knows are not invited: they sign in, and are in the groups that it says" },
      { say: "for others, give the fleet file a sign-in.userpass of its own, then apply that", run: docsPage("fleet.md") },
    ],
    exit: 1,
  },
  PEOPLE_SECOND_FACTOR_MISSING: {
    message: (p: Fields<"mount">) =>
      `the second factor is not enforced at auth/${p.mount} as it was applied: with the password alone, anybody would be in`,
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
