import type { Chapter } from "../runner/chapter.js";

export const vaultAsCa: Chapter = {
  title: "A trust anchor: Vault as certificate authority",
  teaches:
    "Browsers do not ask people to compare fingerprints: they trust certificate authorities (CAs), which sign the keys of " +
    "web sites. OpenSSH can do the same for hosts and users. Vault's SSH secrets engine can be such a CA. Each mount of it " +
    "is one CA, with a key of its own; the roles of a mount say what it signs.",
  needs: [],
  steps: [
    {
      about:
        "Vault in development mode: in memory, unsealed, with a token that everyone knows. Use this mode for tutorials only.",
      run: "npm run start-vault",
      see: { exit: 0, text: ["{{vault}}"] },
      claim: "Vault runs and accepts the token",
    },
    {
      about:
        "CDKTF writes the configuration for Terraform (from TypeScript), and Terraform applies it: the mount host-ssh, and the role host-ssh, which signs " +
        "host certificates for the name localhost and nothing else. A role whose allowed domains are `*` would sign any name.",
      run: "npm run terraform-apply-ssh-with-signed-hostkey",
      see: { exit: 0, text: ["mount and role host-ssh:"] },
      claim: "The mount and the role host-ssh are there",
    },
    {
      about:
        "The CA's key pair is made inside Vault, and the private key never leaves it. Terraform does not manage this key, " +
        "because Terraform would delete the key and make another one whenever the CA's settings change.",
      run: "npm run generate-host-signing-key",
      see: { exit: 0, text: [/host CA \(host-ssh\): ED25519 SHA256:\S+/] },
      remember: { hostCa: /(SHA256:\S+)/ },
      claim: "The host CA has an Ed25519 key pair",
    },
    {
      about:
        "The same command a second time. Every host and every client relies on this key, so the command must not replace it.",
      run: "npm run generate-host-signing-key",
      see: { exit: 0, text: ["{{hostCa}} was there already and stays"] },
      claim: "Generating again leaves the CA as it is",
    },
    {
      about: "Terraform is also run a second time.",
      run: "npm run terraform-apply-ssh-with-signed-hostkey && curl -s {{vault}}/v1/host-ssh/public_key | ssh-keygen -l -f -",
      see: { exit: 0, text: ["nothing to change", "{{hostCa}}"] },
      claim: "Applying again changes nothing, and the CA is the same",
    },
    {
      about: "Anyone may read the CA's public key: no token is sent here.",
      run: "curl -s {{vault}}/v1/host-ssh/public_key",
      see: { exit: 0, text: [/^ssh-ed25519 [A-Za-z0-9+/=]+$/m] },
      claim: "The CA's public key is readable without a token",
    },
    {
      about: "Signing needs a token, and none is sent here.",
      run: `curl -s -d '{"cert_type":"host","valid_principals":"localhost"}' {{vault}}/v1/host-ssh/sign/host-ssh`,
      see: { exit: 0, text: ["permission denied"] },
      claim: "Without a token, nothing is signed",
    },
  ],
};
