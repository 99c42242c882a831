/** Every case of the matrix, in the order of its table. */
import type { Case } from "../case.js";
import { hostScriptCases } from "../host-script.js";
import { hostCertificateCases } from "./host-certificates.js";
import { renewalCases } from "./renewal.js";
import { traceCases } from "./trace.js";
import { userCertificateCases } from "./user-certificates.js";

export const allCases: readonly Case[] = [
  ...hostCertificateCases,
  ...userCertificateCases,
  ...renewalCases,
  ...traceCases,
  ...hostScriptCases,
];
