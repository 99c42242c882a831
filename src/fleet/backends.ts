/** Terraform's backends, and which of their settings are secrets: each with the variable that says it instead. */
import { isTemplate } from "./texts.js";

const secrets: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  local: {},
  s3: {
    access_key: "AWS_ACCESS_KEY_ID",
    secret_key: "AWS_SECRET_ACCESS_KEY",
    token: "AWS_SESSION_TOKEN",
    sse_customer_key: "AWS_SSE_CUSTOMER_KEY",
  },
  gcs: {
    access_token: "GOOGLE_OAUTH_ACCESS_TOKEN",
    credentials: "GOOGLE_APPLICATION_CREDENTIALS",
    encryption_key: "GOOGLE_ENCRYPTION_KEY",
  },
  azurerm: {
    access_key: "ARM_ACCESS_KEY",
    sas_token: "ARM_SAS_TOKEN",
    client_secret: "ARM_CLIENT_SECRET",
    client_certificate: "ARM_CLIENT_CERTIFICATE",
    client_certificate_password: "ARM_CLIENT_CERTIFICATE_PASSWORD",
    oidc_token: "ARM_OIDC_TOKEN",
    oidc_request_token: "ARM_OIDC_REQUEST_TOKEN",
  },
  http: { password: "TF_HTTP_PASSWORD", client_private_key_pem: "TF_HTTP_CLIENT_PRIVATE_KEY_PEM" },
  pg: {},
  consul: { access_token: "CONSUL_HTTP_TOKEN", http_auth: "CONSUL_HTTP_AUTH" },
  kubernetes: { token: "KUBE_TOKEN", password: "KUBE_PASSWORD", client_key: "KUBE_CLIENT_KEY_DATA" },
  cos: {
    secret_id: "TENCENTCLOUD_SECRET_ID",
    secret_key: "TENCENTCLOUD_SECRET_KEY",
    security_token: "TENCENTCLOUD_SECURITY_TOKEN",
  },
  oss: { access_key: "ALICLOUD_ACCESS_KEY", secret_key: "ALICLOUD_SECRET_KEY", security_token: "ALICLOUD_SECURITY_TOKEN" },
};

export const backendNames: readonly string[] = Object.keys(secrets);

/** Named like secrets, and none: the name of an object in Kubernetes; files. */
const harmless = /^secret_suffix$|_file$|_files$|_path$|_paths$/;

/** What is wrong with a setting of a backend; undefined where nothing is. */
export function problemOfSetting(backend: string, name: string, value: string): string | undefined {
  if (!/^[a-z][a-z0-9_]*$/.test(name)) return "this is no name of a setting: they are of a-z, 0-9 and _";
  if (isTemplate(value)) return "has ${ or %{, and Terraform fills in nothing there";
  const variable = secrets[backend]?.[name];
  if (variable !== undefined) return `a secret does not belong in the file: set ${variable} where apply runs`;
  if (backend === "pg" && name === "conn_str" && /password\s*=|:\/\/[^/\s@]*:[^/\s@]*@/i.test(value))
    return "a secret does not belong in the file: leave out the password, and set PGPASSWORD where apply runs";
  if (!harmless.test(name) && /secret|passw|token|private_key/i.test(name))
    return "a secret does not belong in the file: set it by the backend's environment variable where apply runs";
  // Alone before the @, a token is as usual as a name; but not in a database's address, where the check above has found passwords.
  if (!(backend === "pg" && name === "conn_str") && /:\/\/[^/?#\s]*@/.test(value))
    return "a secret does not belong in the file: the address holds a name, a token or a password";
  return undefined;
}
