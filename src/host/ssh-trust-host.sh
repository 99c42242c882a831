#!/bin/sh
# ssh-trust-host: has this machine's SSH host keys signed by Vault (or OpenBao), and keeps them signed.
#
#   ssh-trust-host once      sign, check, install, reload sshd, prove it with a handshake; 1 if anything failed
#   ssh-trust-host watch     for ever: `once` when it is due; failures are tried again, later and later
#   ssh-trust-host due       0 if a certificate is missing, unproved, of another key, or past two thirds of its life
#   ssh-trust-host prove     0 if sshd really presents what is installed
#   ssh-trust-host check CERTIFICATE KEY CA-FINGERPRINT      why that must not be installed; 1 if there is a reason
#
# Nothing is installed that was not checked, and whatever fails leaves what worked before.
#
#   VAULT_ADDR               where Vault is, e.g. https://vault.example:8200
#   VAULT_CACERT             the CA of its TLS certificate, if the system does not know it
#   VAULT_CLIENT_CERT        the certificate that this host shows to Vault, if Vault asks for one
#   VAULT_CLIENT_KEY         its key
#   VAULT_TLS_SERVER_NAME    the name in Vault's certificate, if it is not that of the address
#   VAULT_NAMESPACE          its namespace, if it has one
#   SSH_TRUST_ALLOW_HTTP     yes: speak to Vault without TLS; for labs
#   SSH_TRUST_TOKEN_FILE     the file that holds a token that may sign               [/run/secrets/vault-token]
#   SSH_TRUST_HOST_SIGN      mount and role: <mount>/sign/<role>                     [host-ssh/sign/host-ssh]
#   SSH_TRUST_HOST_CA        the host CA's fingerprint (SHA256:…), if it is known beforehand
#   SSH_TRUST_PRINCIPALS     the names this host answers to, separated by commas     [its fully qualified name]
#   SSH_TRUST_USER_MOUNT     the mount whose users may log in; empty: leave that be
#   SSH_TRUST_USER_CA        the user CA's fingerprint; without it, the first one seen is kept and no other taken
#   SSH_TRUST_DIR            where sshd_config is                                    [/etc/ssh]
#   SSH_TRUST_LISTEN         where sshd answers: <address> <port>                    [127.0.0.1 22]
#   SSH_TRUST_RETRY_MAX      the longest pause between two tries, in seconds         [300]
#
# Needs curl, jq, flock and OpenSSH 8.5 or later. POSIX sh.
set -eu
umask 027
export TZ=UTC LC_ALL=C # ssh-keygen -L writes local times

token_file=${SSH_TRUST_TOKEN_FILE:-/run/secrets/vault-token}
sign_path=${SSH_TRUST_HOST_SIGN:-host-ssh/sign/host-ssh}
principals=${SSH_TRUST_PRINCIPALS:-}
user_mount=${SSH_TRUST_USER_MOUNT:-}
dir=${SSH_TRUST_DIR:-/etc/ssh}
listen=${SSH_TRUST_LISTEN:-127.0.0.1 22}
retry_max=${SSH_TRUST_RETRY_MAX:-300}
sshd=$(command -v sshd || echo /usr/sbin/sshd)
pid_file=/run/sshd.pid
dropin=$dir/sshd_config.d/10-ssh-trust.conf
host_ca=$dir/ssh-trust-host-ca.pub
user_ca=$dir/ssh-trust-user-ca.pub
journal=$dir/.ssh-trust.journal # there while an installation is not finished: what roll_back takes back
proof=$dir/.ssh-trust.proved    # there while a client has seen what is installed

say() { printf 'ssh-trust-host: %s\n' "$*" >&2; }
die() {
  say "error: $*"
  exit 1
}

host_keys() { # the private host keys that sshd uses, one a line
  "$sshd" -T -f "$dir/sshd_config" 2>/dev/null | sed -n 's/^hostkey //p' | while read -r key; do
    case $key in *_rsa_key | *_ecdsa_key | *_ed25519_key) [ ! -f "$key" ] || printf '%s\n' "$key" ;; esac
  done
}

# --- asking Vault ------------------------------------------------------------------------------------------------

plain() { # plain NAME VALUE: a value that can stand between quotes in curl's configuration
  case $2 in *[\"\\]* | *"
"*) die "$1 holds a quote, a backslash or a line break" ;; esac
}

check_settings() {
  case ${VAULT_ADDR:-} in
  '') die "VAULT_ADDR is not set" ;;
  https://*) ;;
  http://*) [ "${SSH_TRUST_ALLOW_HTTP:-}" = yes ] || die "VAULT_ADDR is without TLS; for a lab, set SSH_TRUST_ALLOW_HTTP=yes" ;;
  *) die "VAULT_ADDR is neither https:// nor http://" ;;
  esac
  [ -r "$token_file" ] || die "the token file $token_file cannot be read"
  [ -n "$principals" ] || principals=$(hostname -f) || die "SSH_TRUST_PRINCIPALS is not set, and this host does not know its name"
  case $principals in *[!A-Za-z0-9.,:_-]*) die "SSH_TRUST_PRINCIPALS holds something that no host name has" ;; esac
  plain VAULT_ADDR "$VAULT_ADDR"
  case ${VAULT_SKIP_VERIFY:-} in
  1 | t | T | true | TRUE | True) die "VAULT_SKIP_VERIFY is set, but Vault's certificate is always verified: name its CA in VAULT_CACERT" ;;
  esac
  case ${VAULT_CLIENT_CERT:+cert}${VAULT_CLIENT_KEY:+key} in
  cert | key) die "VAULT_CLIENT_CERT and VAULT_CLIENT_KEY belong together" ;;
  esac
  case ${VAULT_TLS_SERVER_NAME:-} in *[!A-Za-z0-9.-]*) die "VAULT_TLS_SERVER_NAME holds something that no host name has" ;; esac
  for file in "${VAULT_CACERT:-}" "${VAULT_CLIENT_CERT:-}" "${VAULT_CLIENT_KEY:-}"; do
    [ -z "$file" ] || [ -r "$file" ] || die "the file $file cannot be read"
  done
  plain VAULT_CACERT "${VAULT_CACERT:-}"
  plain VAULT_CLIENT_CERT "${VAULT_CLIENT_CERT:-}"
  plain VAULT_CLIENT_KEY "${VAULT_CLIENT_KEY:-}"
  plain VAULT_NAMESPACE "${VAULT_NAMESPACE:-}"
  plain "the token" "$(cat "$token_file")"
  keys=$(host_keys)
  [ -n "$keys" ] || die "sshd has no host keys, or does not take $dir/sshd_config: sshd -t tells"
}

# vault_url PATH: where curl goes. It verifies the name in the URL; where Vault's certificate has another, that name is put
# there, and curl is told to connect to the address all the same.
vault_url() {
  case ${VAULT_TLS_SERVER_NAME:+$VAULT_ADDR} in
  https://*) ;;
  *)
    printf 'url = "%s/v1/%s"\n' "${VAULT_ADDR%/}" "$1"
    return
    ;;
  esac
  rest=${VAULT_ADDR#*://}
  authority=${rest%%/*}
  prefix=${rest#"$authority"}
  case $authority in
  *]) host=$authority port=443 ;;
  *:*) host=${authority%:*} port=${authority##*:} ;;
  *) host=$authority port=443 ;;
  esac
  printf 'url = "https://%s:%s%s/v1/%s"\n' "$VAULT_TLS_SERVER_NAME" "$port" "${prefix%/}" "$1"
  printf 'connect-to = "%s:%s:%s:%s"\n' "$VAULT_TLS_SERVER_NAME" "$port" "$host" "$port"
}

# request PATH [BODY-FILE]: prints the answer. curl reads the token from its standard input: no argument shows it.
request() {
  {
    vault_url "$1"
    [ -z "${VAULT_CACERT:-}" ] || printf 'cacert = "%s"\n' "$VAULT_CACERT"
    [ -z "${VAULT_CLIENT_CERT:-}" ] || printf 'cert = "%s"\nkey = "%s"\n' "$VAULT_CLIENT_CERT" "$VAULT_CLIENT_KEY"
    [ -z "${VAULT_NAMESPACE:-}" ] || printf 'header = "X-Vault-Namespace: %s"\n' "$VAULT_NAMESPACE"
    if [ -n "${2:-}" ]; then
      printf 'header = "X-Vault-Token: %s"\n' "$(cat "$token_file")"
      printf 'header = "Content-Type: application/json"\ndata-binary = "@%s"\n' "$2"
    fi
  } | curl -q --config - --silent --show-error --fail-with-body --proto '=http,https' \
    --connect-timeout 3 --max-time 10 >"$work/answer" 2>"$work/curl-error" || {
    reason=$(jq -r '.errors // [] | join("; ") | select(. != "")' "$work/answer" 2>/dev/null || true)
    say "Vault at $VAULT_ADDR, $1: ${reason:-$(tr '\n' ' ' <"$work/curl-error")}"
    return 1
  }
  cat "$work/answer"
}

sign() { # sign KEY: has KEY.pub signed; the certificate is in $work under its final name
  jq -n --rawfile key "$1.pub" --arg principals "$principals" \
    '{cert_type: "host", public_key: $key, valid_principals: $principals}' >"$work/body"
  request "$sign_path" "$work/body" >"$work/signed" || die "Vault did not sign $1.pub"
  jq -er '.data.signed_key | strings | rtrimstr("\n")' "$work/signed" >"$work/${1##*/}-cert.pub" ||
    die "Vault's answer holds no certificate for $1.pub"
}

renew_token() { # a token that can be renewed lives on; any other is as good as before
  echo '{}' >"$work/body"
  request auth/token/renew-self "$work/body" >/dev/null 2>&1 || true
}

fetch_ca() { # fetch_ca MOUNT FILE EXPECTED-FINGERPRINT: a CA's public key; anyone may read it
  request "$1/public_key" >"$work/fetched" || die "the CA key of $1 could not be read"
  sed '/^[[:space:]]*$/d' "$work/fetched" >"$2"
  if [ "$(wc -l <"$2")" -ne 1 ] || grep -q -e '-cert-' "$2" || ! ssh-keygen -l -f "$2" >/dev/null 2>&1; then
    die "what Vault gave as the CA key of $1 is not one public key"
  fi
  [ -z "$3" ] || [ "$(fingerprint "$2")" = "$3" ] || die "the CA of $1 is $(fingerprint "$2"), not $3"
}

# --- checking what came back -------------------------------------------------------------------------------------

fingerprint() { ssh-keygen -l -f "$1" 2>/dev/null | cut -d' ' -f2; }
seconds() { date -u -d "$(printf '%s' "$1" | tr T ' ')" +%s; }

fields() { # what ssh-keygen reads in one certificate; nothing if it is not one
  if [ "$(wc -l <"$1")" -eq 1 ]; then ssh-keygen -L -f "$1" 2>/dev/null || true; fi
}

# field NAME, of $shown: nothing unless there is exactly one such line. ssh-keygen prints a key id as it is, line breaks
# and all, so a second line of that name is somebody's forgery.
field() {
  [ "$(printf '%s\n' "$shown" | grep -c "^ *$1:")" -eq 1 ] || return 0
  printf '%s\n' "$shown" | sed -n "s/^ *$1: *//p"
}

bounds() { # bounds WINDOW: `from A to B` in seconds; nothing for a window without both ends
  case $1 in "from "????-??-??T??:??:??" to "????-??-??T??:??:??) ;; *) return 0 ;; esac
  set -- "$(seconds "$(printf '%s' "$1" | cut -d' ' -f2)")" "$(seconds "$(printf '%s' "$1" | cut -d' ' -f4)")"
  echo "$1 $2"
}

# problems CERTIFICATE KEY CA-FINGERPRINT: why the certificate must not be installed; nothing if it may be
problems() {
  shown=$(fields "$1")
  [ -n "$shown" ] || {
    echo "it is not one certificate"
    return
  }
  case $(field Type) in *" host certificate") ;; *) echo "it is not a host certificate" ;; esac
  certified=$(field 'Public key' | cut -d' ' -f2)
  [ -n "$certified" ] && [ "$certified" = "$(fingerprint "$2.pub")" ] || echo "it is for another key"
  signer=$(field 'Signing CA' | cut -d' ' -f2)
  [ -n "$signer" ] && [ "$signer" = "$3" ] || echo "another CA signed it"
  [ "$(field 'Critical Options')" = "(none)" ] || echo "it has critical options"
  # Whole lines are compared: a comma or a colon in a principal is part of its name.
  wanted=$(printf '%s\n' "$principals" | tr ',' '\n' | sort)
  found=$(printf '%s\n' "$shown" | sed -n '/^ *Principals:/,/^ *Critical Options:/p' | sed '1d;$d;s/^                //' | sort)
  [ -n "$principals" ] && [ "$found" = "$wanted" ] || echo "its principals are not exactly $principals"
  window=$(bounds "$(field Valid)")
  now=$(date -u +%s)
  if [ -z "$window" ]; then
    echo "it has no beginning or no end"
  elif [ "$now" -lt "${window% *}" ] || [ "$now" -ge "${window#* }" ]; then
    echo "it is not valid now; is the clock right?"
  fi
}

check() {
  [ "$#" -eq 3 ] || usage
  found=$(problems "$@")
  [ -z "$found" ] || die "$found"
}

# --- installing --------------------------------------------------------------------------------------------------

swap_in() { # swap_in FILE TARGET: replaces TARGET at one stroke; the journal knows what was there
  rm -f "$2.ssh-trust-old"
  if [ -f "$2" ]; then
    ln "$2" "$2.ssh-trust-old"
    printf 'old %s\n' "$2" >>"$journal"
  else
    printf 'new %s\n' "$2" >>"$journal"
  fi
  chmod 0640 "$1"
  sync "$1" "$journal"
  mv -f "$1" "$2"
}

roll_back() { # what an unfinished installation has changed, now or in a run that was killed
  [ -f "$journal" ] || return 0
  rm -f "$proof"
  while read -r was target; do
    # shellcheck disable=SC3013 # -ef is of POSIX since 2024, and older shells know it
    if [ "$target.ssh-trust-old" -ef "$target" ]; then
      rm -f "$target.ssh-trust-old" # noted, but not changed yet: mv refuses two names of one file
    elif [ -f "$target.ssh-trust-old" ]; then
      mv -f "$target.ssh-trust-old" "$target"
    elif [ "$was" = new ]; then
      rm -f "$target"
    fi
  done <"$journal"
  rm -f "$journal"
  say "rolled back to what was there before"
  if sshd_runs; then reload; fi
}

finish() { # what is installed stays
  rm -f "$journal"
  for target in $(printf '%s\n' "$keys" | sed 's/$/-cert.pub/') "$host_ca" "$user_ca" "$dropin"; do rm -f "$target.ssh-trust-old"; done
  sync "$dir"
}

write_dropin() { # the sshd settings that name what is installed
  echo "# written by ssh-trust-host; changes here are overwritten"
  printf '%s\n' "$keys" | sed 's/.*/HostCertificate &-cert.pub/'
  [ -z "$user_mount" ] || echo "TrustedUserCAKeys $user_ca"
}

in_force() { # whether sshd, with all its settings, takes ours: another file may come first
  "$sshd" -T -f "$dir/sshd_config" >"$work/settings" 2>"$work/sshd-error" || return 1
  for key in $keys; do grep -qxF "hostcertificate $key-cert.pub" "$work/settings" || return 1; done
  [ -z "$user_mount" ] || grep -qxF "trustedusercakeys $user_ca" "$work/settings"
}

sshd_runs() { # the file may be stale, and its number somebody else's
  pid=$(cat "$pid_file" 2>/dev/null) || return 1
  case $pid in '' | *[!0-9]*) return 1 ;; esac
  [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = sshd ]
}
reload() { # with settings that it does not take, sshd would end
  if "$sshd" -t -f "$dir/sshd_config" 2>/dev/null; then kill -HUP "$(cat "$pid_file")"; fi
}

# seen: OpenSSH's own client, trusting the CA for this name only, gets past the host with each key's certificate
seen() {
  # shellcheck disable=SC2086 # address and port are two words
  set -- $listen
  name=${principals%%,*}
  printf '@cert-authority %s %s\n' "$name" "$(cat "$host_ca")" >"$work/known_hosts"
  for key in $keys; do
    case $key in
    *rsa_key) algorithms=rsa-sha2-512-cert-v01@openssh.com,rsa-sha2-256-cert-v01@openssh.com ;;
    *) algorithms=$(cut -d' ' -f1 "$key-cert.pub") ;;
    esac
    shown=$(fields "$key-cert.pub")
    # No authentication is tried: that it is refused shows that the host was accepted.
    ssh -v -F none -o BatchMode=yes -o PreferredAuthentications=none -o StrictHostKeyChecking=yes \
      -o GlobalKnownHostsFile=none -o UserKnownHostsFile="$work/known_hosts" -o HostKeyAlias="$name" \
      -o HostKeyAlgorithms="$algorithms" -o ConnectTimeout=3 -p "$2" "root@$1" true </dev/null >"$work/seen" 2>&1 || true
    if ! grep -q "Server host certificate: .*, serial $(field Serial) " "$work/seen" ||
      ! grep -q '^root@.*: Permission denied' "$work/seen"; then
      return 1
    fi
  done
}

begin() { # one at a time, in a folder of its own, after what a killed run left behind
  exec 9>"$dir/.ssh-trust.lock"
  flock -w 60 9 || die "another ssh-trust-host has been at work for a minute"
  roll_back
  check_settings
  rm -rf "$dir"/.ssh-trust.work.*
  work=$(mktemp -d "$dir/.ssh-trust.work.XXXXXX")
  trap 'roll_back; rm -rf "$work"' EXIT
  trap 'exit 130' INT TERM HUP
}

prove() { # also when sshd has only just been told to start
  [ -n "${work:-}" ] || begin
  tries=0
  until sshd_runs && [ -f "$host_ca" ] && seen; do
    tries=$((tries + 1))
    [ "$tries" -lt 5 ] || return 1
    sleep 1
  done
  : >"$proof"
}

once() {
  begin
  renew_token
  fetch_ca "${sign_path%%/sign/*}" "$work/host-ca.pub" "${SSH_TRUST_HOST_CA:-}"
  ca=$(fingerprint "$work/host-ca.pub")
  for key in $keys; do
    sign "$key"
    found=$(problems "$work/${key##*/}-cert.pub" "$key" "$ca")
    [ -z "$found" ] || die "Vault's certificate for ${key##*/} is not installed: $found"
  done
  if [ -n "$user_mount" ]; then
    known=${SSH_TRUST_USER_CA:-$([ ! -f "$user_ca" ] || fingerprint "$user_ca")}
    fetch_ca "$user_mount" "$work/user-ca.pub" "$known"
  fi

  # Certificates before the settings that name them.
  rm -f "$proof"
  for key in $keys; do swap_in "$work/${key##*/}-cert.pub" "$key-cert.pub"; done
  swap_in "$work/host-ca.pub" "$host_ca"
  if [ -n "$user_mount" ]; then swap_in "$work/user-ca.pub" "$user_ca"; fi
  mkdir -p "${dropin%/*}"
  write_dropin >"$work/dropin"
  swap_in "$work/dropin" "$dropin"

  in_force || die "sshd does not take the new settings: $(tr '\n' ' ' <"$work/sshd-error")(or another of its files comes first)"
  if sshd_runs; then
    reload
    prove || die "sshd at $listen does not present the new certificates"
  fi
  finish
  say "host keys signed for $principals by $ca; next in at most $(until_due 66) s"
}

# --- when --------------------------------------------------------------------------------------------------------

random_below() { # random_below N: a whole number from 0 to N-1
  echo $(($(od -An -N4 -tu4 /dev/urandom) % ($1 > 0 ? $1 : 1)))
}

until_due() { # until_due PERCENT: seconds until so much of the shortest life is over; 0 if there is something to do now
  soonest=86400
  for key in $(host_keys); do
    shown=$(fields "$key-cert.pub" 2>/dev/null)
    window=$(bounds "$(field Valid)")
    if [ -z "$window" ] || [ "$(field 'Public key' | cut -d' ' -f2)" != "$(fingerprint "$key.pub")" ]; then
      echo 0
      return
    fi
    left=$((${window% *} + (${window#* } - ${window% *}) * $1 / 100 - $(date -u +%s)))
    soonest=$((left < soonest ? left : soonest))
  done
  echo $((soonest > 0 ? soonest : 0))
}

due() { [ ! -f "$proof" ] || [ -f "$journal" ] || [ "$(until_due 66)" -eq 0 ]; }

watch() {
  pause=1
  percent=66
  while :; do
    left=$(until_due "$percent")
    if [ "$left" -gt 0 ] && [ -f "$proof" ]; then
      sleep $((left < 60 ? left : 60)) # not longer: the clock may be set
    elif [ "$left" -gt 0 ] && "$0" prove; then
      pause=1
    elif "$0" once; then
      pause=1
      percent=$((66 - $(random_below 16))) # hosts that booted together do not renew together
    else
      wait_for=$((1 + $(random_below "$pause")))
      say "trying again in $wait_for s"
      sleep "$wait_for"
      pause=$((pause * 2 > retry_max ? retry_max : pause * 2))
    fi
  done
}

usage() {
  sed -n '2,/^set -eu/s/^# \{0,1\}//p' "$0" >&2
  exit 2
}

case ${1:-} in
once | watch | due | prove | check)
  command=$1
  shift
  "$command" "$@"
  ;;
*) usage ;;
esac
