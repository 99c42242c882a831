import type { LabNames } from "../names.js";
import type { Chapter } from "../runner/chapter.js";
import { tokenHeader } from "./hosts.js";

/** What this chapter makes in Vault: mounts, and two groups. */
const lab = {
  robots: "lab-robots",
  ci: "lab-ci",
  oidc: "lab-oidc",
  provider: "lab-provider",
  group: "lab-shop",
  external: "lab-oidc-shop",
} as const;

const mounts = [lab.robots, lab.ci, lab.oidc, lab.provider];
const made = [
  ...mounts.map((mount) => `sys/auth/${mount}`),
  ...[lab.group, lab.external].map((group) => `identity/group/name/${group}`),
  ...["provider/lab", "client/lab", "scope/lab"].map((part) => `identity/oidc/${part}`),
];

/** What members of the web team have. */
const policies = `["ssh-trust-signed-in","ssh-trust-people-web-team"]`;

/** Where the login waits for the browser. */
const callback = "http://localhost:8250/oidc/callback";

const paragraph = "grep -o '<p>.*</p>'";

const commandsOf = (names: LabNames) => {
  const folder = `${names.folder}/people`;
  const asked = (path: string, options = "") => `curl -s ${options}${tokenHeader(names)} {{vault}}/v1/${path}`;
  const make = (path: string, what: string) => `${asked(path)} -d '${what}'`;
  const gone = (path: string) => asked(path, "-X DELETE ");
  const sign = (how: string) => `as robot ssh-trust sign ${folder}/id_ed25519.pub --on web --vault {{vault}} ${how}`;
  return {
    folder,
    asked,
    make,
    /** What Vault calls a mount, all by itself. */
    accessorOf: (mount: string) => `${asked("sys/auth")} | sed 's#.*"${mount}/":{"accessor":"\\([^"]*\\)".*#\\1#'`,
    byAppRole: (secretId: string) =>
      sign(`--mount ${lab.robots} --role-id $(cat ${folder}/role-id) --secret-id-file ${folder}/${secretId}`),
    /** @param audience whom its token is made for */
    byToken: (audience: string) =>
      `${folder}/ci-token ${audience} | ${sign(`--mount ${lab.ci} --role deploy --method jwt --jwt-file -`)}`,
    /** Those who signed in at the mounts go before the mounts: afterwards nobody knows whose they are. */
    takeAway:
      `for id in $(${asked("identity/entity-alias/id", "-X LIST ")} | sed 's/"canonical_id":/\\n/g' | grep -E '"auth/(${mounts.join("|")})/"' | cut -d '"' -f 2); do ` +
      `${gone("identity/entity/id/$id")}; done; for path in ${made.join(" ")}; do ${gone("$path")}; done`,
    /** A token, as CI systems make one for each job: RFC 7519. */
    ciToken: `cat > ${folder}/ci-token <<'END'
#!/bin/sh
part() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }
claims='{"iss":"https://ci.example.org","sub":"repository:shop","aud":"%s","iat":%s,"exp":%s}'
now=$(date +%s)
text=$(printf '{"alg":"RS256"}' | part).$(printf "$claims" "$1" $now $((now + 300)) | part)
echo "$text.$(printf %s "$text" | openssl dgst -sha256 -sign ${folder}/ci.pem | part)"
END
chmod 700 ${folder}/ci-token`,
  };
};

export const otherWaysIn = (names: LabNames): Chapter => {
  const { folder, asked, make, accessorOf, byAppRole, byToken, takeAway, ciToken } = commandsOf(names);
  const password = `sed 's/.*/{"password":"&"}/' ${folder}/dora-password`;
  const provider = "identity/oidc/provider/lab";
  return {
    title: "Robots, and people of an identity provider",
    teaches:
      "Some users sign in without an invitation. A robot signs in with an AppRole, or with the token that its CI system " +
      "gives to a job, for one call, and stores nothing. Dora has an account at an identity provider: she signs in there, in " +
      "a browser, and is in the groups that the provider reports.",
    needs: ["apply-fleet"],
    steps: [
      {
        about: "What an interrupted run of this chapter left is removed first.",
        run: `rm -rf ${folder} && mkdir -m 700 ${folder}; ${takeAway}`,
        see: { exit: 0, without: ["errors"] },
      },
      {
        about: "An AppRole for a robot, with the policies of the web team.",
        run:
          `${make(`sys/auth/${lab.robots}`, '{"type":"approle"}')} && ` +
          make(`auth/${lab.robots}/role/deployer`, `{"token_policies":${policies},"token_ttl":"5m"}`),
        see: { exit: 0, without: ["errors"] },
      },
      {
        about:
          "The role id is like the robot's user name, and the secret id is like its password: it is written to a file that only " +
          "its owner can read. The robot also gets a key for ssh.",
        run:
          `umask 077; ${asked(`auth/${lab.robots}/role/deployer/role-id`)} | sed 's/.*"role_id":"\\([^"]*\\)".*/\\1/' > ${folder}/role-id; ` +
          `${asked(`auth/${lab.robots}/role/deployer/secret-id`, "-X POST ")} | sed 's/.*"secret_id":"\\([^"]*\\)".*/\\1/' > ${folder}/secret-id; ` +
          `ssh-keygen -q -t ed25519 -N '' -C robot -f ${folder}/id_ed25519 && ls -l ${folder}/*-id`,
        see: { exit: 0, text: [/(?:^-rw------- .*\s*){2}/m] },
      },
      {
        about: "Somebody who knows the role id tries to guess the secret id.",
        run: `(umask 077; openssl rand -hex 16 > ${folder}/guessed) && ${byAppRole("guessed")}`,
        see: { exit: 1, text: ["[SIGN_IN_ROBOT_REFUSED]"], without: ["by the rule"] },
        claim: "A role id without its secret id gives no certificate",
      },
      {
        about: "The robot has its key signed. It signs in for this one call.",
        run: byAppRole("secret-id"),
        see: { exit: 0, text: ["for admin-ssh-user@web", /by the rule web-team-web, until/] },
        claim: "With an AppRole, a robot has its key signed without a person",
      },
      {
        about:
          "After the call, nothing of the sign-in is stored, neither in the robot's home folder nor in its folder in memory.",
        run: `as robot sh -c 'find "$HOME" "$XDG_RUNTIME_DIR" -type f'; as robot ssh-trust whoami --vault {{vault}}`,
        see: { exit: 1, text: ["[SIGN_IN_NEEDED]"], without: [names.folder, "/dev/shm"] },
        claim: "A robot's sign-in ends with the call",
      },
      {
        about:
          "CI systems give each job a token that says which job it is. Here a key pair stands for the CI system, and a small " +
          "program makes tokens. Each token names its audience: the server that it is meant for.",
        run: `(umask 077; openssl genrsa -out ${folder}/ci.pem 2048 2>/dev/null) && ${ciToken} && ls -l ${folder}/ci*`,
        see: { exit: 0, text: [/^-rw------- .*ci\.pem$/m, /^-rwx------ .*ci-token$/m] },
      },
      {
        about:
          "Vault is configured with the CI system's public key and with the jobs that it accepts. A token must name this Vault " +
          "as its audience.",
        run:
          `key=$(openssl pkey -in ${folder}/ci.pem -pubout | awk '{printf "%s\\\\n", $0}') && ${make(`sys/auth/${lab.ci}`, '{"type":"jwt"}')} && ` +
          `${asked(`auth/${lab.ci}/config`)} -d '{"bound_issuer":"https://ci.example.org","jwt_validation_pubkeys":"'"$key"'"}' && ` +
          make(
            `auth/${lab.ci}/role/deploy`,
            `{"role_type":"jwt","user_claim":"sub","bound_audiences":"{{vault}}","bound_subject":"repository:shop","token_policies":${policies},"token_ttl":"5m"}`,
          ),
        see: { exit: 0, without: ["errors"] },
      },
      {
        about: "A job sent a token to a package registry. The operator of the registry tries to use it here.",
        run: byToken("https://packages.example.org"),
        see: {
          exit: 1,
          text: ["[SIGN_IN_ROBOT_REFUSED]", "by https://ci.example.org", "for https://packages.example.org"],
          without: ["by the rule", "eyJ"],
        },
        claim: "A token that was made for another server is refused, and the error says what it contains",
      },
      {
        about: "The job asks its CI system for a token for this Vault, and passes it on standard input.",
        run: byToken("{{vault}}"),
        see: { exit: 0, text: ["for admin-ssh-user@web", /by the rule web-team-web, until/], without: ["eyJ"] },
        claim: "A job of a CI system has its key signed, and needs no secret of its own",
      },
      {
        about:
          "Now an identity provider. Every Vault can be one, and here this Vault is. Dora has a password there, and signs in " +
          "there, as she does every morning.",
        run:
          `umask 077; openssl rand -base64 18 > ${folder}/dora-password && ${make(`sys/auth/${lab.provider}`, '{"type":"userpass"}')} && ` +
          `${password} | ${asked(`auth/${lab.provider}/users/dora`)} -d @- && ` +
          `${password} | curl -s -d @- {{vault}}/v1/auth/${lab.provider}/login/dora > ${folder}/dora-session && ` +
          `sed 's/.*"client_token":"\\([^"]*\\)".*/X-Vault-Token: \\1/' ${folder}/dora-session > ${folder}/dora-header && ` +
          `grep -oE '"entity_id":"[^"]+"' ${folder}/dora-session`,
        see: { exit: 0, text: ['"entity_id"'] },
        remember: { dora: /"entity_id":"([^"]+)"/ },
      },
      {
        about:
          "What is needed to set it up: the accessor of the mount where she signs in, and the address at which the server " +
          "reaches itself.",
        run:
          `${accessorOf(lab.provider)}; ` +
          `curl -s {{vault}}/v1/identity/oidc/provider/default/.well-known/openid-configuration | grep -oE '"issuer":"https?://[^/]+' | sed 's/0\\.0\\.0\\.0/127.0.0.1/'`,
        see: { exit: 0, text: ["auth_userpass_", '"issuer"'] },
        remember: { people: /^(auth_\w+)$/m, server: /"issuer":"(.*)$/m },
      },
      {
        about: "At the provider she is in the group lab-shop. The tokens that it signs contain her name and her groups.",
        run: [
          make("identity/group", `{"name":"${lab.group}","member_entity_ids":["{{dora}}"]}`) + " >/dev/null",
          make(
            "identity/oidc/scope/lab",
            `{"template":"{\\"name\\":{{identity.entity.aliases.{{people}}.name}},\\"groups\\":{{identity.entity.groups.names}}}"}`,
          ),
          make("identity/oidc/client/lab", `{"redirect_uris":["${callback}"],"assignments":["allow_all"]}`),
          make(provider, `{"issuer":"{{server}}","allowed_client_ids":["*"],"scopes_supported":["lab"]}`),
        ].join(" && "),
        see: { exit: 0, without: ["errors"] },
      },
      {
        about: "Vault is configured with the provider's address, and with how people sign in through it.",
        run: [
          make(`sys/auth/${lab.oidc}`, '{"type":"oidc"}'),
          `${asked("identity/oidc/client/lab")} | sed 's#.*"client_id":"\\([^"]*\\)".*"client_secret":"\\([^"]*\\)".*#` +
            `{"oidc_discovery_url":"{{server}}/v1/${provider}","oidc_client_id":"\\1","oidc_client_secret":"\\2"}#' | ${asked(`auth/${lab.oidc}/config`)} -d @-`,
          make(
            `auth/${lab.oidc}/role/people`,
            `{"role_type":"oidc","user_claim":"name","groups_claim":"groups","oidc_scopes":["lab"],"allowed_redirect_uris":["${callback}"],"token_ttl":"5m"}`,
          ),
          accessorOf(lab.oidc),
        ].join(" && "),
        see: { exit: 0, text: ["auth_oidc_"], without: ["errors"] },
        remember: { mount: /^(auth_\w+)$/m },
      },
      {
        about:
          "Members of the provider's group lab-shop get the policies of the web team. (`ssh-trust apply` does this and the step before, where the fleet file has " +
          "`sign-in: { oidc: … }` and `web-team: { oidc: lab-shop }`.)",
        run:
          `group=$(${make("identity/group", `{"name":"${lab.external}","type":"external","policies":${policies}}`)} | sed 's/.*"id":"\\([^"]*\\)".*/\\1/') && ` +
          `${asked("identity/group-alias")} -d '{"name":"${lab.group}","canonical_id":"'$group'","mount_accessor":"{{mount}}"}'`,
        see: { exit: 0, text: ['"canonical_id"'], without: ["errors"] },
      },
      {
        about:
          "Dora runs `login`. It prints an address for her browser, and opens it if there is a desktop. Then it waits for the " +
          "browser's answer.",
        run:
          `as dora timeout 60 ssh-trust login --vault {{vault}} --method oidc --mount ${lab.oidc} --role people > ${folder}/shown 2>&1 & ` +
          `until grep -qE 'state=|error' ${folder}/shown; do sleep 0.2; done; cat ${folder}/shown`,
        within: 70, // the port is for one sign-in at a time, of all labs; one that was interrupted ends after a minute
        see: { exit: 0, text: ["sign in here, in a browser on this machine"] },
        remember: { query: /\/authorize\?(\S+)/ },
      },
      {
        about: "Mallory makes her browser open an address that would sign her in as Mallory.",
        run: `curl -s '${callback}?code=of-mallory&state=of-mallory' | ${paragraph}`,
        see: { exit: 0, text: ["This is not the sign-in that the terminal waits for."] },
        claim: "A sign-in that somebody else began is not accepted",
      },
      {
        about:
          "Her browser goes to the provider, where she is signed in, and is redirected with a code to the port where `login` " +
          "waits. (Here curl is used instead of the browser, at the provider's endpoint; in a browser, she would see the " +
          "provider's page.)",
        run:
          `answer=$(curl -s -H @${folder}/dora-header "{{vault}}/v1/${provider}/authorize?{{query}}" | ` +
          `sed 's/.*"code":"\\([^"]*\\)".*"state":"\\([^"]*\\)".*/code=\\1\\&state=\\2/') && curl -s "${callback}?$answer" | ${paragraph}`,
        see: { exit: 0, text: ["You are signed in."] },
      },
      {
        about: "In the terminal, `login` has ended. Dora is in the web team, because of the group that the provider reports.",
        run: "as dora ssh-trust whoami",
        within: 10,
        see: { exit: 0, text: [/^dora, signed in at .* with oidc$/m, "[web-team-web]"] },
        claim: "Members of the provider's group get the rights of the fleet's rules, without an invitation",
      },
      {
        about: "She has a key signed, like any member of the web team.",
        run: `as dora ssh-trust sign ${folder}/id_ed25519.pub --on web && as dora ssh-trust logout`,
        see: { exit: 0, text: ["for admin-ssh-user@web", "logged out at"] },
      },
      {
        about: "Everything that was made is removed.",
        run: `${takeAway}; rm -r ${folder}`,
        see: { exit: 0, without: ["errors"] },
      },
    ],
  };
};
