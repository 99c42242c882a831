/** Where the fleet's directory is, and who may read it without signing in. */
import * as z from "zod";
import { problemOfCidr } from "../../ground/cidr.js";
import { problemOfAddress } from "../texts.js";
import { listOf, text } from "./leaves.js";

export const directory = z
  .strictObject({
    address: text(problemOfAddress, {
      description: "The directory's address, as people and programs reach it.",
      examples: ["https://directory.example.org"],
      pattern: "^https?://[^/?#@\\s]+/*$",
    }),
    "open-to": listOf(text(problemOfCidr, { examples: ["10.0.0.0/8"] }), {
      description: "Ranges of addresses from which anybody may read the directory without signing in.",
      examples: [["10.0.0.0/8"]],
      least: 0,
    }).optional(),
  })
  .optional()
  .meta({
    description:
      "The service that shows the fleet's hosts and tells their keys: ssh-trust directory serve. Left out: there is none.",
    examples: [{ address: "https://directory.example.org" }],
  });
