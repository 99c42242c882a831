/** The one public surface of the library. */
export { catalogue, fail, isFailure, SshTrustError, type ErrorCode } from "./errors/catalogue.js";
export { silent, type Progress } from "./ground/progress.js";
export { hostRole, userRole, type SshRole } from "./roles.js";
export { parseCertificate, type Certificate } from "./ssh/certificate.js";
export { isValidAt, validFrom, validTo } from "./ssh/certificate-validity.js";
export { certificateToJson, describeCertificate, type CertificateJson } from "./ssh/describe-certificate.js";
export { certAuthorityLine } from "./ssh/known-hosts.js";
export { parsePublicKey, type PublicKey } from "./ssh/public-key.js";
export { scanHostCertificates, type ScanRequest } from "./ssh/scan.js";
export { renderTrace } from "./trace/report/page.js";
export type { Trace } from "./trace/trace.js";
export { traceLogin } from "./trace/trace-login.js";
export { traceToJson } from "./trace/trace-to-json.js";
export type { TraceRequest } from "./trace/request.js";
export { verifySignature } from "./ssh/verify-signature.js";
export { connectVault, type SignRequest, type VaultClient } from "./vault/client.js";
export type { VaultSettings } from "./settings.js";
