/** How hosts get their identities that nobody hands one to: by a token that the platform which starts them gives them. */
import * as z from "zod";
import { problemOfExistingMount, problemOfText } from "../texts.js";
import { claims, text } from "./leaves.js";

const some = (description: string, example: string) => text(problemOfText, { description, examples: [example] });

export const hostTokens = z
  .strictObject({
    mount: text(problemOfExistingMount, {
      description: "The JWT mount, below auth/, which Vault has already. Machines sign in there, and nobody else.",
      examples: ["kubernetes"],
    }),
    claim: some(
      "The claim with the host's name without its domain; a JSON pointer where it begins with /.",
      "/kubernetes.io/pod/name",
    ),
    audience: some("Whom a token must be made for.", "https://vault.example.org:8200"),
    claims: claims("Other claims that a token must have, with the values that are accepted; * is any characters.", {
      "/kubernetes.io/namespace": "web",
    }),
  })
  .meta({
    description: "Machines that have a token of their platform enrol themselves by it: nobody adds them one by one.",
    examples: [{ mount: "kubernetes", claim: "/kubernetes.io/pod/name", audience: "https://vault.example.org:8200" }],
  });
