/** What it takes to apply a fleet file. */
import type { Fleet } from "../fleet.js";
import {
  claimEntry,
  directoryRole,
  enrolRoleOf,
  fleetEntry,
  ownMethods,
  secondFactor,
  signInRole,
  store,
} from "../vault-names.js";
import { policy, type Capability, type Grant } from "./grant.js";

/**
 * What `ssh-trust apply` itself needs: it can neither destroy a CA's mount nor read a secret. Still, who writes policies and
 * groups can give themselves whatever those grant.
 */
export function operatorPolicy(fleet: Fleet): string {
  const { hostCa, userCa } = fleet.mounts;
  const all: readonly Capability[] = ["create", "read", "update", "delete"];
  const kept: readonly Capability[] = ["create", "read", "update"];
  // Everything below ssh-trust/, so that a domain can be added without another policy first.
  const elsewhere = ownMethods(fleet).filter(({ path }) => !/^ssh-trust\/[^/]+$/.test(path));
  const machines = new Set(fleet.hosts.flatMap(({ jwt }) => (jwt === undefined ? [] : [jwt.mount])));
  const existing = new Set([
    ...fleet.signIn.filter(({ ours, method }) => !ours && method !== "userpass").map(({ path }) => path),
    ...machines,
  ]);
  return policy("The operator applies the fleet file.", [
    { path: "sys/mounts", may: ["read"] },
    { path: "sys/auth", may: ["read"] },
    ...(ownMethods(fleet).some(({ method }) => method !== "userpass")
      ? [{ path: "sys/plugins/catalog/auth", may: ["list", "sudo"] } as const]
      : []),
    ...[hostCa, userCa, store].flatMap((mount): Grant[] => [
      { path: `sys/mounts/${mount}`, may: kept },
      { path: `sys/mounts/${mount}/tune`, may: ["read", "update"] },
    ]),
    ...[hostCa, userCa].flatMap((mount): Grant[] => [
      { path: `${mount}/roles`, may: ["list"] },
      { path: `${mount}/roles/+`, may: all },
      // Made inside Vault only: a key that somebody brings along is known to somebody. OpenBao takes another one at any time.
      {
        path: `${mount}/config/ca`,
        may: kept,
        only: ['allowed_parameters = { "generate_signing_key" = [true], "key_type" = ["ed25519"] }'],
      },
    ]),
    { path: `${store}/config`, may: kept },
    { path: `${store}/data/${fleetEntry}`, may: kept },
    { path: `${store}/data/${claimEntry}`, may: kept },
    { path: `${store}/metadata/${claimEntry}`, may: ["delete"] },
    { path: "sys/policies/acl/ssh-trust-*", may: all },
    { path: "sys/auth/ssh-trust/*", may: [...all, "sudo"] },
    { path: "sys/mounts/auth/ssh-trust/*", may: ["read", "update", "sudo"] },
    { path: "auth/ssh-trust/+/config", may: kept },
    { path: `auth/ssh-trust/+/role/${signInRole}`, may: all },
    ...elsewhere.flatMap(({ path }): Grant[] => [
      { path: `sys/auth/${path}`, may: [...all, "sudo"] },
      { path: `sys/auth/${path}/tune`, may: ["read", "update", "sudo"] },
      { path: `sys/mounts/auth/${path}/tune`, may: ["read", "update", "sudo"] },
      { path: `auth/${path}/config`, may: kept },
      { path: `auth/${path}/role/${signInRole}`, may: all },
    ]),
    ...[...existing].map((path): Grant => ({ path: `sys/mounts/auth/${path}`, may: ["read"] })),
    // Whether the mount has settings: without them, no machine signs in there.
    ...[...machines].map((mount): Grant => ({ path: `auth/${mount}/config`, may: ["read"] })),
    ...fleet.hosts.flatMap((group): Grant[] =>
      group.jwt === undefined ? [] : [{ path: `auth/${group.jwt.mount}/role/${enrolRoleOf(group)}`, may: all }],
    ),
    { path: "identity/group", may: ["create", "update"] },
    { path: "identity/group/id/+", may: all },
    { path: "identity/group-alias", may: ["create", "update"] },
    { path: "identity/group-alias/id/+", may: all },
    { path: "identity/lookup/group", may: ["create", "update"] },
    // In every fleet's, so that a directory can be added without another policy first.
    ...["key", "role"].map((kind): Grant => ({ path: `identity/oidc/${kind}/${directoryRole}`, may: all })),
    { path: "identity/mfa/method/totp", may: ["create", "update"] },
    { path: "identity/mfa/method/totp/+", may: all },
    // The + is for a method's id, and would take these for one: they hand out, and end, people's second factors.
    ...["admin-generate", "admin-destroy", "generate"].map((which): Grant => ({
      path: `identity/mfa/method/totp/${which}`,
      may: ["deny"],
    })),
    { path: `identity/mfa/login-enforcement/${secondFactor}`, may: all },
    { path: "sys/quotas/rate-limit/ssh-trust-*", may: all },
  ]);
}
