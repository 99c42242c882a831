#!/bin/sh
# ssh-trust-host: has this machine's SSH host keys signed by Vault (or OpenBao), and keeps them signed.
#
#   ssh-trust-host once     sign, check, install, reload sshd, prove it with a handshake; 1 if anything failed
#   ssh-trust-host watch    for ever: `once` when it is due; failures are tried again, later and later
#   ssh-trust-host due      0 if a certificate is missing, of another key, or past two thirds of its life
#
# Nothing is installed that was not checked, and whatever fails leaves what worked before.
#
#   VAULT_ADDR               where Vault is, e.g. https://vault.example:8200
#   VAULT_CACERT             the CA of its TLS certificate, if the system does not know it
#   VAULT_NAMESPACE          its namespace, if it has one
#   SSH_TRUST_TOKEN_FILE     the file that holds a token that may sign               [/run/secrets/vault-token]
#   SSH_TRUST_HOST_SIGN      mount and role: <mount>/sign/<role>                     [host-ssh/sign/host-ssh]
#   SSH_TRUST_HOST_CA        the CA's fingerprint (SHA256:…), if it is known beforehand
#   SSH_TRUST_PRINCIPALS     the names this host answers to, separated by commas     [its fully qualified name]
#   SSH_TRUST_USER_MOUNT     the mount whose users may log in; empty: leave that be
#   SSH_TRUST_DIR            where sshd's keys and sshd_config.d are                 [/etc/ssh]
#   SSH_TRUST_LISTEN         where sshd answers: <address> <port>                    [127.0.0.1 22]
#   SSH_TRUST_RETRY_MAX      the longest pause between two tries, in seconds         [300]
#
# Needs curl, jq, flock and OpenSSH 8.5 or later. POSIX sh.
set -eu
umask 027
export TZ=UTC LC_ALL=C # ssh-keygen -L writes local times

token_file=${SSH_TRUST_TOKEN_FILE:-/run/secrets/vault-token}
sign_path=${SSH_TRUST_HOST_SIGN:-host-ssh/sign/host-ssh}
principals=${SSH_TRUST_PRINCIPALS:-$(hostname -f)}
user_mount=${SSH_TRUST_USER_MOUNT:-}
dir=${SSH_TRUST_DIR:-/etc/ssh}
listen=${SSH_TRUST_LISTEN:-127.0.0.1 22}
retry_max=${SSH_TRUST_RETRY_MAX:-300}
pid_file=/run/sshd.pid
dropin=$dir/sshd_config.d/10-ssh-trust.conf
user_ca=$dir/ssh-trust-user-ca.pub
proof=$dir/.ssh-trust.proved # there while what is installed is also what sshd uses

say() { printf 'ssh-trust-host: %s\n' "$*" >&2; }
die() {
  say "error: $*"
  exit 1
}

host_keys() { # the private host keys, one a line
  for key in "$dir"/ssh_host_rsa_key "$dir"/ssh_host_ecdsa_key "$dir"/ssh_host_ed25519_key; do
    [ ! -f "$key" ] || printf '%s\n' "$key"
  done
}

# --- asking Vault ------------------------------------------------------------------------------------------------

# request PATH [BODY-FILE]: prints the answer. curl reads the token from its standard input: no argument shows it.
request() {
  {
    printf 'url = "%s/v1/%s"\n' "${VAULT_ADDR%/}" "$1"
    [ -z "${VAULT_CACERT:-}" ] || printf 'cacert = "%s"\n' "$VAULT_CACERT"
    [ -z "${VAULT_NAMESPACE:-}" ] || printf 'header = "X-Vault-Namespace: %s"\n' "$VAULT_NAMESPACE"
    if [ -n "${2:-}" ]; then
      printf 'header = "X-Vault-Token: %s"\n' "$(cat "$token_file")"
      printf 'header = "Content-Type: application/json"\ndata-binary = "@%s"\n' "$2"
    fi
  } | curl --config - --silent --show-error --fail-with-body --proto '=http,https' \
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

fetch_public_key() { # fetch_public_key MOUNT FILE: a CA's public key; anyone may read it
  request "$1/public_key" >"$work/fetched" || die "the CA key of $1 could not be read"
  sed '/^[[:space:]]*$/d' "$work/fetched" >"$2"
  if [ "$(wc -l <"$2")" -ne 1 ] || grep -q -e '-cert-' "$2" || ! ssh-keygen -l -f "$2" >/dev/null 2>&1; then
    die "what Vault gave as the CA key of $1 is not one public key"
  fi
}

# --- checking what came back -------------------------------------------------------------------------------------

field() { sed -n "s/^ *$1: *//p" "$work/fields" | head -n 1; }
fingerprint() { ssh-keygen -l -f "$1" | cut -d' ' -f2; }
seconds() { date -u -d "$(printf '%s' "$1" | tr T ' ')" +%s; }
sorted_lines() { tr ',' '\n' | sed 's/^ *//; s/ *$//; /^$/d' | sort; }

# check CERTIFICATE KEY CA-FINGERPRINT: why the certificate must not be installed; nothing if it may be
check() {
  if [ "$(wc -l <"$1")" -ne 1 ] || ! ssh-keygen -L -f "$1" >"$work/fields" 2>/dev/null; then
    echo "it is not one certificate"
    return
  fi
  case $(field Type) in *" host certificate") ;; *) echo "it is not a host certificate" ;; esac
  [ "$(field 'Public key' | cut -d' ' -f2)" = "$(fingerprint "$2.pub")" ] || echo "it is for another key"
  [ "$(field 'Signing CA' | cut -d' ' -f2)" = "$3" ] || echo "another CA signed it"
  [ "$(field 'Critical Options')" = "(none)" ] || echo "it has critical options"
  wanted=$(printf '%s' "$principals" | sorted_lines)
  found=$(sed -n '/^ *Principals:/,/^ *Critical Options:/{/:/d;p;}' "$work/fields" | sorted_lines)
  [ -n "$wanted" ] && [ "$found" = "$wanted" ] || echo "its principals are not $principals"
  window=$(field Valid)
  case $window in
  from*to*)
    now=$(date -u +%s)
    from=$(seconds "$(printf '%s' "$window" | cut -d' ' -f2)") to=$(seconds "$(printf '%s' "$window" | cut -d' ' -f4)")
    [ "$from" -le "$now" ] && [ "$now" -lt "$to" ] || echo "it is not valid now ($window); is the clock right?"
    ;;
  *) echo "it is valid $window, without an end" ;;
  esac
}

# --- installing --------------------------------------------------------------------------------------------------

swap_in() { # swap_in FILE TARGET: replaces TARGET at one stroke, keeping what was there for roll_back
  rm -f "$2.ssh-trust-old"
  [ ! -f "$2" ] || ln "$2" "$2.ssh-trust-old"
  chmod 0640 "$1"
  sync "$1"
  printf '%s\n' "$2" >>"$work/installed"
  mv -f "$1" "$2"
}

roll_back() {
  [ -f "$work/installed" ] || return 0
  while read -r target; do
    if [ -f "$target.ssh-trust-old" ]; then mv -f "$target.ssh-trust-old" "$target"; else rm -f "$target"; fi
  done <"$work/installed"
  rm -f "$work/installed"
  say "rolled back to what was there before"
}

write_dropin() { # the sshd settings that name what is installed
  echo "# written by ssh-trust-host; changes here are overwritten"
  host_keys | while read -r key; do echo "HostCertificate $key-cert.pub"; done
  [ -z "$user_mount" ] || echo "TrustedUserCAKeys $user_ca"
}

sshd_runs() { [ -f "$pid_file" ] && kill -0 "$(cat "$pid_file")" 2>/dev/null; }
reload() { kill -HUP "$(cat "$pid_file")"; }

proved() { # OpenSSH's own client, trusting the CA for this name only, gets past the host with each key's new certificate
  # shellcheck disable=SC2086 # address and port are two words
  set -- $listen
  name=${principals%%,*}
  printf '@cert-authority %s %s\n' "$name" "$(cat "$work/host-ca.pub")" >"$work/known_hosts"
  for key in $(host_keys); do
    case $key in
    *rsa_key) algorithms=rsa-sha2-512-cert-v01@openssh.com,rsa-sha2-256-cert-v01@openssh.com ;;
    *) algorithms=$(cut -d' ' -f1 "$key-cert.pub") ;;
    esac
    serial=$(ssh-keygen -L -f "$key-cert.pub" | sed -n 's/^ *Serial: //p')
    # No authentication is tried: that it is refused shows that the host was accepted.
    ssh -v -F none -o BatchMode=yes -o PreferredAuthentications=none -o StrictHostKeyChecking=yes \
      -o GlobalKnownHostsFile=none -o UserKnownHostsFile="$work/known_hosts" -o HostKeyAlias="$name" \
      -o HostKeyAlgorithms="$algorithms" -o ConnectTimeout=3 -p "$2" "root@$1" true </dev/null >"$work/seen" 2>&1 || true
    grep -q "Server host certificate: .*, serial $serial " "$work/seen" && grep -q '^root@.*: Permission denied' "$work/seen" ||
      return 1
  done
}

prove() {
  tries=0
  until proved; do
    tries=$((tries + 1))
    [ "$tries" -lt 5 ] || return 1
    sleep 1
  done
}

once() {
  [ -n "${VAULT_ADDR:-}" ] || die "VAULT_ADDR is not set"
  [ -r "$token_file" ] || die "the token file $token_file cannot be read"
  [ -n "$(host_keys)" ] || die "there are no host keys in $dir: ssh-keygen -A makes them"
  exec 9>"$dir/.ssh-trust.lock"
  flock -w 60 9 || die "another ssh-trust-host has been at work for a minute"
  rm -rf "$dir"/.ssh-trust.work.*
  work=$(mktemp -d "$dir/.ssh-trust.work.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  trap 'exit 130' INT TERM HUP

  fetch_public_key "${sign_path%%/sign/*}" "$work/host-ca.pub"
  ca=$(fingerprint "$work/host-ca.pub")
  [ "$ca" = "${SSH_TRUST_HOST_CA:-$ca}" ] || die "Vault's host CA is $ca, not $SSH_TRUST_HOST_CA as set"
  for key in $(host_keys); do
    sign "$key"
    problem=$(check "$work/${key##*/}-cert.pub" "$key" "$ca")
    [ -z "$problem" ] || die "Vault's certificate for ${key##*/} is not installed: $problem"
  done
  if [ -n "$user_mount" ]; then fetch_public_key "$user_mount" "$work/user-ca.pub"; fi

  # Certificates before the settings that name them: a run killed between two lines leaves a working sshd.
  rm -f "$proof"
  for key in $(host_keys); do swap_in "$work/${key##*/}-cert.pub" "$key-cert.pub"; done
  if [ -n "$user_mount" ]; then swap_in "$work/user-ca.pub" "$user_ca"; fi
  mkdir -p "${dropin%/*}"
  write_dropin >"$work/dropin"
  swap_in "$work/dropin" "$dropin"

  "$(command -v sshd || echo /usr/sbin/sshd)" -t 2>"$work/sshd-error" || {
    roll_back
    die "sshd does not take the new settings: $(tr '\n' ' ' <"$work/sshd-error")"
  }
  if sshd_runs; then
    reload
    prove || {
      roll_back
      reload
      die "sshd at $listen does not present the new certificates"
    }
  fi
  while read -r target; do rm -f "$target.ssh-trust-old"; done <"$work/installed"
  : >"$proof"
  sync "$dir"
  say "host keys signed for $principals by $ca; next in at most $(until_due 66) s"
}

# --- when --------------------------------------------------------------------------------------------------------

random_below() { # random_below N: a whole number from 0 to N-1
  echo $(($(od -An -N4 -tu4 /dev/urandom) % ($1 > 0 ? $1 : 1)))
}

window() { # window CERTIFICATE: the seconds at which it begins and ends
  bounds=$(ssh-keygen -L -f "$1" 2>/dev/null | sed -n 's/^ *Valid: from \(.*\) to \(.*\)/\1 \2/p')
  [ -n "$bounds" ] && echo "$(seconds "${bounds% *}") $(seconds "${bounds#* }")"
}

until_due() { # until_due PERCENT: seconds until so much of the shortest life is over; 0 if there is something to do now
  soonest=86400
  for key in $(host_keys); do
    of=$(ssh-keygen -L -f "$key-cert.pub" 2>/dev/null | sed -n 's/^ *Public key: [^ ]* //p')
    bounds=$(window "$key-cert.pub") || bounds=
    if [ -z "$bounds" ] || [ ! -f "$proof" ] || [ "$of" != "$(fingerprint "$key.pub")" ]; then
      echo 0
      return
    fi
    left=$((${bounds% *} + (${bounds#* } - ${bounds% *}) * $1 / 100 - $(date -u +%s)))
    soonest=$((left < soonest ? left : soonest))
  done
  echo $((soonest > 0 ? soonest : 0))
}

due() { [ "$(until_due 66)" -eq 0 ]; }

watch() {
  pause=1
  percent=66
  while :; do
    left=$(until_due "$percent")
    if [ "$left" -gt 0 ]; then
      sleep $((left < 60 ? left : 60)) # not longer: the clock may be set
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

case ${1:-} in
once | watch | due) "$1" ;;
*)
  sed -n '2,/^set -eu/s/^# \{0,1\}//p' "$0" >&2
  exit 2
  ;;
esac
