/** The errors of the lab, beside those of the toolkit that it is built on. */
import { catalogue as toolkit } from "../../src/errors/catalogue.js";
import { failFrom, isSshTrustError, type FailureTest } from "../../src/errors/failure.js";
import { dockerErrors } from "./docker.js";
import { labErrors } from "./lab.js";

export { reasonOf, SshTrustError } from "../../src/errors/failure.js";

export const labCatalogue = { ...dockerErrors, ...labErrors } as const;

const all = { ...toolkit, ...labCatalogue } as const;

export type ErrorCode = keyof typeof all;

/** As the toolkit's, for both catalogues. */
export const fail = failFrom(all);
export const isFailure: FailureTest<ErrorCode> = isSshTrustError;
