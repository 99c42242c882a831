/** Where Terraform keeps its state, as the fleet file has it: one backend of Terraform's and OpenTofu's, with its settings. */
import * as z from "zod";
import { backendNames } from "../backends.js";
import { map } from "./leaves.js";

const leaf = [z.string(), z.number(), z.boolean()] as const;
/** Some settings have parts, such as s3's endpoints. */
const settings = map(z.union([...leaf, map(z.union(leaf))])).meta({
  description: "The backend's settings, as Terraform has them, without secrets.",
});

export const state = z
  .strictObject(Object.fromEntries(backendNames.map((name) => [name, settings.optional()])))
  .optional()
  .meta({
    minProperties: 1,
    maxProperties: 1,
    description: "Where Terraform keeps its state: one backend. Left out: a file beside the fleet file.",
    examples: [{ s3: { bucket: "fleet", key: "ssh-trust", region: "eu-central-1" } }],
  });
