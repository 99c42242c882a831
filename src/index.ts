/**
 * The library: SSH keys, certificates, known_hosts, fleet files, signing through Vault or OpenBao, hosts of a
 * fleet, and logins seen from inside.
 *
 * Functions that fail throw an `SshTrustError` with a permanent code; docs/errors.md has them all.
 */

// Keys
export { keyLine, parsePublicKey, type PublicKey, type SshKey } from "./ssh/public-key.js";

// Certificates
export { parseCertificate, type Certificate } from "./ssh/certificate.js";
export type { CertificateOption } from "./ssh/certificate-options.js";
export { isValidAt, validFrom, validTo, type Validity } from "./ssh/certificate-validity.js";
export { certificateToJson, describeCertificate, type CertificateJson } from "./ssh/describe-certificate.js";
export { verifySignature } from "./ssh/verify-signature.js";
export { inspectKey, type InspectAgainst, type Inspection } from "./ssh/inspect/inspect.js";
export { inspectLines, type InspectedLine, type UnreadableLine } from "./ssh/inspect/inspect-lines.js";
export { trustedCas } from "./ssh/inspect/trusted-cas.js";
export { inspectionToJson, type InspectionJson } from "./ssh/inspect/inspection-to-json.js";
export type { InspectedKey } from "./ssh/inspect/key-verdicts.js";
export type { TrustedCa } from "./ssh/inspect/trust-verdicts.js";
export type { Verdict, VerdictJson } from "./ssh/inspect/verdict.js";
export type { VerdictCode, VerdictLevel } from "./ssh/inspect/verdict-codes.js";
export { scanHost, scanHostCertificates, type HostScan, type ScanRequest } from "./ssh/scan.js";
export type { LeftOut } from "./ssh/read-lines.js";

// known_hosts
export { certAuthorityLine, knownHostLine } from "./ssh/known-hosts.js";
export { hashedName } from "./ssh/hashed-name.js";

// Fleet files
export { readFleetFile } from "./fleet/read-fleet-file.js";
export { parseFleet } from "./fleet/parse-fleet.js";
export { describeChanges, type Change } from "./fleet/changes.js";
export { describeLeavers } from "./fleet/leavers.js";
export { fleetJsonSchema, type JsonSchema } from "./fleet/json-schema.js";
export type { AccessRule, Fleet, GroupMethod, HostGroup, PeopleGroup, Permission } from "./fleet/fleet.js";
export type { ExistingMethod, JwtMethod, LdapMethod, OidcMethod, SignInMethod, UserpassMethod } from "./fleet/fleet.js";

// Signing through Vault
export { readVaultSettings, type TlsSettings, type VaultSettings } from "./settings/vault.js";
export { connectVault } from "./vault/client.js";
export type { ImportedKeys, SignRequest, VaultClient, VaultServer } from "./vault/vault-client.js";
export { problemOf as problemOfRole, type SshRole } from "./roles.js";
export { signKey, type SignedKey, type SignKeyRequest } from "./people/sign.js";
export { problemOfSigned, type Asked } from "./ssh/check-signed.js";
export { hostConfiguration, type HostConfiguration, type HostFile, type HostRequest } from "./host/environment.js";

// Hosts of a fleet that was applied
export { addHost, listHosts, reissueHost, takeHostAway } from "./host/library.js";
export type { KnownHost, NewHostOptions } from "./host/library.js";
export type { NewHost } from "./host/add.js";
export type { HandOverFormat } from "./host/hand-over/render.js";
export type { HostState } from "./host/state.js";
export type { RemovedHost, RemoveOptions } from "./host/take-away.js";

// Logins seen from inside
export { traceLogin } from "./trace/trace-login.js";
export type { TraceRequest } from "./trace/request.js";
export type { Trace } from "./trace/trace.js";
export { traceToJson } from "./trace/trace-to-json.js";
export { renderTrace } from "./trace/report/page.js";

// Errors
export { isFailure, SshTrustError, type ErrorCode } from "./errors/catalogue.js";
export type { Advice, Hint, Run } from "./errors/hint.js";
