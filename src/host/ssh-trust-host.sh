#!/bin/sh
# ssh-trust-host: has this machine's SSH host keys signed by Vault (or OpenBao), and keeps them signed.
#
#   ssh-trust-host once      sign, check, install, reload sshd, and prove it: a handshake with this sshd shows the certificates
#                            0: proved. 1: failed, and the previous state is restored. 3: installed, but no sshd answers yet
#   ssh-trust-host enroll    open the wrapped identity, which works once, and then do the same as `once`
#                            4: somebody else has opened it before; sshd keeps its plain keys (without certificates)
#   ssh-trust-host renew     do what is due: enroll, once or prove; after a failure, try again, with longer and longer pauses,
#                            until it is done
#   ssh-trust-host watch     the same, without an end
#   ssh-trust-host due       0 if a certificate is missing, unproved, of another key, name or CA, no longer among sshd's settings,
#                            or its time has come; 1 if there is nothing to do; 2 if that cannot be determined
#   ssh-trust-host prove     0 if sshd really presents what is installed; 1 if something else; 3 if no sshd answers
#   ssh-trust-host used      0 if the wrapping token on standard input cannot be opened any more, and the identity that this host has
#                            is valid; 1 if not, or if that cannot be determined
#   ssh-trust-host check CERTIFICATE KEY CA-FINGERPRINT      why that must not be installed; 1 if there is a reason
#
# All of them run as root, with the settings below in their environment, or in a file: NAME=value a line, without quotes. A setting
# in the file overrides the environment.
#
# Nothing is installed that was not checked, and whatever fails leaves what worked before. A certificate that Vault gave is
# used again until it is due, whatever failed after: a host that cannot be proved asks for no new ones.
# Host keys, addresses and ports are those that sshd names (sshd -T). A key that cannot be certified is named, and left out.
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
#   SSH_TRUST_USER_MOUNT     the mount whose users may log in; empty: that stays as it is
#   SSH_TRUST_USER_CA        the user CA's fingerprint; without it, the first that Vault gives is kept, and any other is refused
#   SSH_TRUST_HARDEN         yes: sshd offers none but algorithms that no auditor fails; clients of before 2014 are left out
#   SSH_TRUST_DIR            where sshd_config is                                    [/etc/ssh]
#   SSH_TRUST_LISTEN         where sshd answers: <address> <port>                    [where sshd says that it listens]
#   SSH_TRUST_RETRY_MAX      the longest pause between two tries, in seconds         [300]
#   SSH_TRUST_RENEW_AT       percent of a certificate's life after which it is renewed; up to a quarter sooner   [66]
#   SSH_TRUST_CONF           the file of settings                                    [/etc/ssh-trust/host.conf]
#
# A host with an identity of its own, which ssh-trust host add makes; it needs no token file:
#   SSH_TRUST_LOGIN          where it signs in: the path of an AppRole mount, auth/…
#   SSH_TRUST_ROLE           its AppRole there
#   SSH_TRUST_IDENTITY       the folder of role-id, secret-id, and of wrapped before it is enrolled   [/etc/ssh-trust]
#   SSH_TRUST_GROUP          its group: whoever is certified for account@group may log in as that account; needs SSH_TRUST_USER_MOUNT
#   SSH_TRUST_ENTRY          where this host reports its state: a path of a key-value store, <mount>/data/…
# A machine that nobody hands an identity gets its own by a token of the platform that started it:
#   SSH_TRUST_JWT            the file with that token, as the platform keeps it fresh
#   SSH_TRUST_JWT_ROLE       the role that it signs in by with it: auth/<mount>/role/<role>
# In SSH_TRUST_PRINCIPALS, SSH_TRUST_ROLE and SSH_TRUST_ENTRY, %h is this machine's name (uname -n) up to the first dot, so that all
# machines of an image can have the same settings.
#
# Needs Linux, curl 7.61 or later, jq, flock and OpenSSH 8.2 or later. POSIX sh; busybox will do.
set -euf
umask 077
export TZ=UTC LC_ALL=C # ssh-keygen -L writes local times
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
newline='
'
tab=$(printf '\t')
IFS=$newline # lists are lines: a path may hold a blank

# read_settings: NAME=value a line; the values are taken as they are
read_settings() {
  if [ ! -e "$1" ]; then return; fi
  while read -r line || [ -n "$line" ]; do
    line=${line%"$carriage_return"}
    case $line in
    VAULT_[A-Z]*=* | SSH_TRUST_[A-Z]*=*) ;;
    *) continue ;;
    esac
    case ${line%%=*} in *[!A-Z_]*) continue ;; esac
    export "${line%%=*}=${line#*=}"
  done <"$1"
}
carriage_return=$(printf '\r')
read_settings "${SSH_TRUST_CONF:-/etc/ssh-trust/host.conf}"

token_file=${SSH_TRUST_TOKEN_FILE:-/run/secrets/vault-token}
sign_path=${SSH_TRUST_HOST_SIGN:-host-ssh/sign/host-ssh}
user_mount=${SSH_TRUST_USER_MOUNT:-}
dir=${SSH_TRUST_DIR:-/etc/ssh}
listen=${SSH_TRUST_LISTEN:-}
retry_max=${SSH_TRUST_RETRY_MAX:-300}
renew_at=${SSH_TRUST_RENEW_AT:-66}
login=${SSH_TRUST_LOGIN:-}
jwt=${SSH_TRUST_JWT:-}
jwt_role=${SSH_TRUST_JWT_ROLE:-}
identity=${SSH_TRUST_IDENTITY:-/etc/ssh-trust}
group=${SSH_TRUST_GROUP:-}
harden=${SSH_TRUST_HARDEN:-}
script_version=unknown # that of the package, where ssh-trust hands this script over
failed=1    # the exit status of an error
exchange='' # how this host's own client is to agree on a key
settings='' # sshd's, once it was asked
config=$dir/sshd_config
dropin=$dir/sshd_config.d/10-ssh-trust.conf
host_ca=$dir/ssh-trust-host-ca.pub
user_ca=$dir/ssh-trust-user-ca.pub
journal=$dir/.ssh-trust.journal # there while an installation is not finished: what roll_back takes back
proof=$dir/.ssh-trust.proved    # there while a client has seen what is installed
kept=$dir/.ssh-trust.kept       # what Vault gave and could not be installed
refused=$dir/.ssh-trust.refused # the fingerprints of keys that Vault does not sign

say() { (trap '' PIPE && printf 'ssh-trust-host: %s\n' "$1" >&2) || :; } # where nobody can hear it, the work goes on
die() { # die REASON [PROBLEM]: what is said here, and what the inventory is told where that has to say more
  problem=${2:-$1}
  say "error: $1"
  exit "$failed"
}
one_line() { tr -d '\000-\010\013-\037\177' | tr -s '\n\t ' ' ' | sed 's/^ //; s/ $//'; }

# --- asking sshd -------------------------------------------------------------------------------------------------

# find_sshd: the sshd that listens with this configuration: $pids, its program and the options that it was started with.
# sshd writes "sshd: PROGRAM OPTIONS [listener] …" over its command line; before 8.2, it left that as it was. Anybody can write
# such a line: what counts is that the kernel says which program it is, and that nobody but root ever had a part in it.
find_sshd() {
  pids='' flags='' sshd='' elsewhere='' hidden=''
  set +f
  # One program for all of them: there may be thousands. What it finds is looked at again, one by one.
  # shellcheck disable=SC2012,SC2046 # one line a process
  set -- $(ls -l /proc/[0-9]*/exe 2>/dev/null | sed -n 's|.*[[:space:]]\(/proc/[0-9]*\)/exe -> .*/sshd\([.][^/]*\)\{0,1\}\( (deleted)\)\{0,1\}$|\1|p')
  set -f
  for process in "$@"; do
    program=$(readlink "$process/exe" 2>/dev/null) || continue
    program=${program%" (deleted)"} # it was updated since
    case ${program##*/} in sshd | sshd.*) ;; *) continue ;; esac
    [ "$(sed -n 's/^Uid:[[:space:]]*//p' "$process/status" 2>/dev/null | tr '\t' ' ')" = "0 0 0 0" ] || continue
    # not in a container or a chroot
    # shellcheck disable=SC3013 # -ef is of POSIX since 2024, and older shells know it
    [ "$process/root" -ef / ] || continue
    [ "$(sed -n 's/^NSpid://p' "$process/status" 2>/dev/null | wc -w)" -le 1 ] || continue
    listens || continue
    # shellcheck disable=SC3013
    if [ "$its_config" -ef "$config" ]; then
      [ -n "$pids" ] || sshd=$program flags=$its_flags
      pids=$pids${process#/proc/}$newline
    else
      elsewhere=$its_config
    fi
  done
  [ -x "$sshd" ] || sshd=$(command -v sshd) || sshd=''
  [ -n "$pids" ] || [ -z "$sshd" ] || find_hidden
}

# find_hidden: the same, where the kernel does not say which program an sshd is: in a container without CAP_SYS_PTRACE, it hides that
# from a service with fewer capabilities than sshd. Which process it is has to come from systemd, or from a pid file that only root
# can write, and its command line has to name this machine's sshd. No other program is run on the word of a command line.
find_hidden() {
  for pid in $(named_pids); do
    process=/proc/$pid
    [ -d "$process" ] || continue
    [ -z "$(readlink "$process/exe" 2>/dev/null)" ] || continue # it was looked at above
    [ "$(cat "$process/comm" 2>/dev/null)" = sshd ] || continue
    hidden=$pid
    [ "$(sed -n 's/^Uid:[[:space:]]*//p' "$process/status" 2>/dev/null | tr '\t' ' ')" = "0 0 0 0" ] || continue
    [ "$(sed -n 's/^NSpid://p' "$process/status" 2>/dev/null | wc -w)" -le 1 ] || continue
    listens || continue
    # shellcheck disable=SC3013
    [ "$its_program" -ef "$sshd" ] || continue
    # shellcheck disable=SC3013
    if [ "$its_config" -ef "$config" ]; then
      [ -n "$pids" ] || flags=$its_flags
      pids=$pids$pid$newline
    else
      elsewhere=$its_config
    fi
  done
}

named_pids() { # what should be sshd's process, by systemd and by sshd's own pid file
  {
    if [ -d /run/systemd/system ]; then timeout 5 systemctl show -p MainPID ssh.service sshd.service </dev/null 2>/dev/null 9>&- | sed 's/^MainPID=//'; fi
    for file in /run/sshd.pid $(values pidfile); do
      # shellcheck disable=SC2012 # its mode and owner
      case $(ls -ldLn "$file" 2>/dev/null | awk '{ print substr($1, 1, 1) substr($1, 6, 1) substr($1, 9, 1), $3 }') in
      "--- 0") head -n 1 "$file" ;;
      esac
    done 2>/dev/null
  } | awk '/^[1-9][0-9]*$/ && !seen[$0]++'
}

# listens: whether the command line of $process is a listener's: $its_program, $its_config and $its_flags
listens() {
  words=$(tr '\0' ' ' <"$process/cmdline" 2>/dev/null) || return 1
  case $words in
  sshd*": /"*) words=${words#*: } words=${words%%" [listener]"*} ;;
  /*) ;;
  *) return 1 ;;
  esac
  its_program=${words%% *}
  # shellcheck disable=SC2046 # one word a line
  read_command $(printf '%s\n' "$words" | tr -s ' ' '\n')
}

read_command() { # read_command PROGRAM OPTION…: what a listener was started with; 1 for an sshd that is none
  its_config=/etc/ssh/sshd_config its_flags=''
  shift
  while [ "$#" -gt 0 ]; do
    letters=$1
    shift
    case $letters in -?*) letters=${letters#-} ;; *) continue ;; esac
    while :; do # as getopt(3) reads them: several in one word, the last with a value
      rest=${letters#?}
      case $letters in
      [iRtTGV]*) return 1 ;;
      [46]*) its_flags=$its_flags-${letters%"$rest"}$newline ;;
      [Ddeqr]*) ;;
      *) break ;;
      esac
      letters=$rest
    done
    [ -n "$letters" ] || continue
    flag=${letters%"$rest"} value=$rest
    while [ "$#" -gt 0 ]; do # a value may hold blanks
      case $1 in -*) break ;; esac
      value="$value${value:+ }$1"
      shift
    done
    case $flag in
    f) its_config=$value ;;
    [chop]) its_flags=$its_flags-$flag$newline$value$newline ;;
    esac
  done
}

# sshd_test FLAG…: sshd reads its configuration, for a connection of nobody in particular. (9 is the lock: busybox's timeout lives on
# for a second, and the next run would wait for it.)
sshd_test() {
  # shellcheck disable=SC2086 # one option a line
  timeout 15 "$sshd" "$@" -T -f "$config" -C user=nobody,host=localhost,addr=127.0.0.1,laddr=127.0.0.1,lport=22 $flags </dev/null 9>&-
}

# read_sshd: $settings, and what sshd says beside them, $said; fails as sshd does. sshd is started once, and no file is needed. What
# it says comes first, as shells are slow at finding something near the end of a long text.
read_sshd() {
  said=$({
    status=0
    settings=$(sshd_test 2>&3 3>&-) || status=$?
    printf '%s%s %s\n' "$divider" "$status" "$settings"
  } 3>&1)
  settings=${said#*"$divider"} said=${said%%"$divider"*}
  status=${settings%% *} settings=${settings#* }
  return "$status"
}
divider=$newline$tab$newline

# ask_sshd: $settings, `keyword value` a line, keywords in lower case (10.6 does not write them so); $warnings, what it
# says of host keys. 1, with what it says in $complaint, if it does not take its configuration.
ask_sshd() {
  find_sshd
  if [ -z "$sshd" ]; then
    complaint="there is no sshd on this machine"
    return 1
  fi
  if ! read_sshd && [ -n "$flags" ]; then
    flags='' # they may be cut off in the process list
    read_sshd || :
  fi
  if [ -z "$settings" ]; then
    complaint=$(printf '%s\n' "$said" | one_line)
    case $complaint in
    *"Missing privilege separation directory: "*) # nothing has started it since the boot
      (umask 022 && mkdir -p "${complaint##*: }")
      read_sshd || complaint=$(printf '%s\n' "$said" | one_line)
      ;;
    esac
  fi
  [ -n "$settings" ] || return 1
  warnings=$(printf '%s\n' "$said" | tr -d '\r')
  settings=$(printf '%s\n' "$settings" | awk '{ keyword = tolower($1); sub(/^[^ \t]+/, ""); print keyword $0 }')
}

values() { # values KEYWORD; it is called often, so it starts no program
  for setting in $settings; do
    case $setting in "$1 "*) printf '%s\n' "${setting#"$1 "}" ;; esac
  done
}

public_of() { # public_of KEY: its public half, as `type base64`; from the private one, since a file beside it may be another's
  ssh-keygen -y -P '' -f "$1" </dev/null 2>/dev/null | single || single <"$1.pub" || single <"$1"
} 2>/dev/null
# known KEY: its $public half and $print, the fingerprint; both empty if there is none. Each key is read once, by sort_keys.
known() {
  for seen in $seen_keys; do
    case $seen in
    "$1$tab"*)
      print=${seen##*"$tab"} public=${seen#"$1$tab"} public=${public%"$tab$print"}
      return
      ;;
    esac
  done
  public=$(public_of "$1") || public=''
  print=$(printf '%s\n' "$public" | fingerprint)
  seen_keys=$seen_keys$1$tab$public$tab$print$newline
}
certificate_of() { printf '%s-cert.pub\n' "${1%.pub}"; } # certificate_of KEY: where it is installed

# sort_keys: of sshd's host keys, those that it can show a certificate for, as $keys; the others, with the reason, as $left_out
sort_keys() {
  keys='' left_out='' types=''
  seen_keys=''
  algorithms=,$(values hostkeyalgorithms),
  # Ours, but for those that somebody else's setting before ours does not have: that one stays
  [ "$harden" != yes ] || algorithms=,$(hard HostKeyAlgorithms | tr , '\n' | grep -xF "$(values hostkeyalgorithms | tr , '\n')" | paste -s -d , -),
  known=$(ssh -Q key-cert)
  for key in $(values hostkey); do
    why_not "$key"
    if [ -n "$why" ]; then
      left_out="$left_out$key: $why$newline"
    else
      keys=$keys$key$newline types=$types$type$newline
    fi
  done
}

why_not() { # why_not KEY: $why sshd can show no certificate for it; nothing if it can. $type is the key's
  known "$1"
  type=${public%% *}
  why=$(sshd_says "$1")
  case $1 in *\"*) why="its path holds a quote" ;; esac
  [ -z "$why" ] || [ -e "$1" ] || why="there is no such file"
  [ -w "${1%/*}" ] || why="no certificate can be put beside it: ${1%/*} cannot be written to"
  [ -z "$why" ] || return 0
  if [ -z "$print" ]; then
    why="ssh-keygen finds no key in it"
    [ -e "$1" ] || why="there is no such file"
  elif ! printf '%s\n' "$known" | grep -qxF -e "${type%@openssh.com}-cert-v01@openssh.com" -e "$type-cert"; then
    why="this OpenSSH has no certificates of the type $type"
  elif [ -z "$(shown_as "$type")" ]; then
    why="sshd's HostKeyAlgorithms name no certificates of the type $type"
  elif printf '%s' "$types" | grep -qxF "$type"; then
    why="sshd presents only the first of its keys of the type $type"
  fi
}

sshd_says() { # sshd_says KEY: why sshd does not use it, in its own words; nothing if it does. (A key may be in an agent, HostKeyAgent.)
  printf '%s\n' "$warnings" | awk -v key="$1" '
    index($0, "load host key \"" key "\": ") { sub(/.*": /, ""); reason = ": " $0 }
    $0 == "Unable to load host key: " key || $0 == "Could not load host key: " key { print "sshd does not load it" reason; exit }
    (at = index($0, "Host key " key ": ")) { print "sshd does not use it: " substr($0, at + length("Host key " key ": ")); exit }'
}

shown_as() { # shown_as TYPE: the algorithms by which sshd shows a certificate for it, separated by commas
  case $1 in
  ssh-rsa) set -- rsa-sha2-512-cert-v01@openssh.com rsa-sha2-256-cert-v01@openssh.com ;;
  *) set -- "${1%@openssh.com}-cert-v01@openssh.com" "$1-cert" ;;
  esac
  for algorithm in "$@"; do
    case $algorithms in *,"$algorithm",*) printf '%s\n' "$algorithm" ;; esac
  done | paste -s -d , -
}

# places: where sshd listens, `address port` a line; systemd's sockets first, as they are its where they are
places() {
  if [ -n "$listen" ]; then
    printf '%s\n' "$listen"
    return
  fi
  {
    if [ -d /run/systemd/system ]; then
      for unit in ssh.socket sshd.socket; do
        if systemctl -q is-active "$unit" 2>/dev/null; then systemctl show -p Listen "$unit" | sed 's/^Listen=//'; fi
      done
    fi
    values listenaddress
  } | awk '
    function place(address) { if (!((address, port) in seen)) print address, port; seen[address, port] = 1 }
    {
      port = address = $1
      sub(/.*:/, "", port)
      sub(/:[^:]*$/, "", address)
      gsub(/[][]/, "", address)
      if (port !~ /^[0-9]+$/) next
      if (address == "::") place("::1")
      place(address == "0.0.0.0" || address == "::" || address == "*" ? "127.0.0.1" : address)
    }'
}

# --- asking Vault ------------------------------------------------------------------------------------------------

plain() { # plain NAME VALUE: a value that can stand between quotes in curl's configuration
  case $2 in *[\"\\]* | *"$newline"*) die "$1 holds a quote, a backslash or a line break" ;; esac
}

# names TEXT: host names in the one form that is signed and compared: lower case, without a final dot, each once
names() {
  printf '%s\n' "$1" | tr ',A-Z' '\na-z' | awk '
    { gsub(/^[ \t\r]+|[ \t\r]+$/, ""); sub(/\.$/, "") }
    $0 != "" && !seen[$0]++ { printf "%s%s", comma, $0; comma = "," }'
}

is_host_name() { # is_host_name NAME: labels with a letter or a digit at both ends, in lower case; or an IPv6 address
  label='[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?'
  [ "${#1}" -le 253 ] && printf '%s\n' "$1" | grep -qxE -e "$label([.]$label)*" -e '[0-9a-f]*:[0-9a-f:.]*[0-9a-f]' && ! printf '%s' "$1" | grep -qx '[^:]*:[^:]*'
}

# filled SETTING: %h in it is this machine's name
filled() {
  case $1 in
  *%h*)
    short=$(names "$(uname -n)")
    short=${short%%.*}
    [ "$short" != localhost ] || short=''
    is_host_name "$short" || die "this machine's name (uname -n) cannot be used for %h: $(uname -n)"
    printf '%s\n' "$1" | sed "s/%h/$short/g"
    ;;
  *) printf '%s\n' "$1" ;;
  esac
}

check_names() {
  for name in $(printf '%s\n' "$principals" | tr , '\n'); do
    is_host_name "$name" || die "SSH_TRUST_PRINCIPALS: $name is not a host name"
  done
}

own_name() {
  name=$(names "$(hostname -f 2>/dev/null || uname -n)")
  case $name in
  '' | localhost | localhost.*) die "SSH_TRUST_PRINCIPALS is not set, and this host does not know its name (hostname -f)" ;;
  esac
  printf '%s\n' "$name"
}

check_tools() {
  missing=''
  for tool in curl jq flock ssh ssh-keygen awk mktemp od paste readlink sync tail timeout; do command -v "$tool" >/dev/null || missing="$missing $tool"; done
  [ -z "$missing" ] || die "not installed:$missing"
  case $retry_max in '' | *[!0-9]*) die "SSH_TRUST_RETRY_MAX is not a whole number of seconds" ;; esac
  case $renew_at in '' | *[!0-9]* | 0* | ??? | ????*) die "SSH_TRUST_RENEW_AT is not a percentage from 1 to 99" ;; esac
  case $listen in '' | ?*\ [0-9]*) ;; *) die "SSH_TRUST_LISTEN is not an address, a blank and a port" ;; esac
}

check_settings() {
  case ${VAULT_ADDR:-} in
  '') die "VAULT_ADDR is not set" ;;
  https://*) ;;
  http://*) [ "${SSH_TRUST_ALLOW_HTTP:-}" = yes ] || die "VAULT_ADDR is without TLS; for a lab, set SSH_TRUST_ALLOW_HTTP=yes" ;;
  *) die "VAULT_ADDR is neither https:// nor http://" ;;
  esac
  if [ -n "$login" ]; then
    plain SSH_TRUST_LOGIN "$login"
    plain SSH_TRUST_ROLE "$own_role"
    plain SSH_TRUST_ENTRY "$entry"
    check_jwt
  else
    [ -r "$token_file" ] || die "the token file $token_file cannot be read"
    plain "the token" "$(cat "$token_file")"
  fi
  check_group
  case $harden in '' | yes | no) ;; *) die "SSH_TRUST_HARDEN is neither yes nor no" ;; esac
  plain SSH_TRUST_HOST_SIGN "$sign_path"
  plain SSH_TRUST_USER_MOUNT "$user_mount"
  plain VAULT_ADDR "$VAULT_ADDR"
  case ${VAULT_SKIP_VERIFY:-} in
  1 | t | T | true | TRUE | True) die "VAULT_SKIP_VERIFY is set, but Vault's certificate is always verified: name its CA in VAULT_CACERT" ;;
  esac
  case ${VAULT_CLIENT_CERT:+cert}${VAULT_CLIENT_KEY:+key} in
  cert | key) die "VAULT_CLIENT_CERT and VAULT_CLIENT_KEY belong together" ;;
  esac
  [ -z "${VAULT_TLS_SERVER_NAME:-}" ] || is_host_name "$(names "$VAULT_TLS_SERVER_NAME")" || die "VAULT_TLS_SERVER_NAME is not a host name"
  for file in "${VAULT_CACERT:-}" "${VAULT_CLIENT_CERT:-}" "${VAULT_CLIENT_KEY:-}"; do
    [ -z "$file" ] || [ -r "$file" ] || die "the file $file cannot be read"
  done
  plain VAULT_CACERT "${VAULT_CACERT:-}"
  plain VAULT_CLIENT_CERT "${VAULT_CLIENT_CERT:-}"
  plain VAULT_CLIENT_KEY "${VAULT_CLIENT_KEY:-}"
  plain VAULT_NAMESPACE "${VAULT_NAMESPACE:-}"
}

check_jwt() {
  [ -n "$jwt$jwt_role" ] || return 0
  case ${jwt:+token}${jwt_role:+role} in token | role) die "SSH_TRUST_JWT and SSH_TRUST_JWT_ROLE belong together" ;; esac
  case $jwt_role in auth/?*/role/?*) ;; *) die "SSH_TRUST_JWT_ROLE is not auth/<mount>/role/<role>" ;; esac
  plain SSH_TRUST_JWT_ROLE "$jwt_role"
  [ -n "$group" ] || die "SSH_TRUST_JWT needs SSH_TRUST_GROUP"
}

# check_group: whether sshd can ask whom it lets in: with a program or a user that is not there, it would refuse everyone
check_group() {
  [ -n "$group" ] || return 0
  case $group in *[!a-z0-9.-]* | -*) die "SSH_TRUST_GROUP is not the name of a group" ;; esac
  [ -n "$user_mount" ] || die "SSH_TRUST_GROUP needs SSH_TRUST_USER_MOUNT"
  [ -x /usr/bin/printf ] || die "there is no /usr/bin/printf, which sshd runs to learn who may log in"
  id -u nobody >/dev/null 2>&1 || die "there is no user nobody, as whom sshd runs /usr/bin/printf to learn who may log in"
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

# request PATH [BODY-FILE]: prints the answer; 2 if Vault refuses what is asked for (400), 1 for all that may pass, with the
# reason in $private/reason. It goes with $token, if there is one. curl reads the token from its standard input: no argument
# shows it, and what is secret in bodies and answers is in $private, in memory.
request() {
  : >"$private/reason"
  : >"$private/answer"
  answered=$({
    vault_url "$1"
    [ -z "${VAULT_CACERT:-}" ] || printf 'cacert = "%s"\n' "$VAULT_CACERT"
    [ -z "${VAULT_CLIENT_CERT:-}" ] || printf 'cert = "%s"\nkey = "%s"\n' "$VAULT_CLIENT_CERT" "$VAULT_CLIENT_KEY"
    [ -z "${VAULT_NAMESPACE:-}" ] || printf 'header = "X-Vault-Namespace: %s"\n' "$VAULT_NAMESPACE"
    [ -z "$token" ] || printf 'header = "X-Vault-Token: %s"\n' "$token"
    if [ -n "${2:-}" ]; then
      printf 'header = "Content-Type: application/json"\ndata-binary = "@%s"\n' "$2"
    fi
  } | curl -q --config - --silent --show-error --proto '=http,https' --connect-timeout 3 --max-time 10 \
    --dump-header "$private/headers" --output "$private/answer" --write-out '%{http_code}' 2>"$private/curl-error") || answered="no answer: $(one_line <"$private/curl-error")"
  case $answered in
  2??)
    cat "$private/answer"
    return
    ;;
  [0-9][0-9][0-9]) reason=$(jq -r '.errors // [] | join("; ") | select(. != "")' "$private/answer" 2>/dev/null | one_line) ;;
  *) reason=$answered ;;
  esac
  printf 'Vault at %s, %s: %s\n' "$VAULT_ADDR" "$1" "${reason:-HTTP status $answered}" >"$private/reason"
  [ "$answered" != 400 ] || return 2
  return 1
}

# sign KEY FILE: has the key in $work/public signed; the certificate is in FILE. Fails as request does.
sign() {
  # Neither a public key's words nor host names have what JSON would read otherwise.
  printf '{"cert_type": "host", "public_key": "%s", "valid_principals": "%s"}\n' "$(cat "$work/public")" "$principals" >"$private/body"
  request "$sign_path" "$private/body" >"$work/signed" || return
  jq -er '.data.signed_key | strings | rtrimstr("\n")' "$work/signed" >"$2" 2>/dev/null ||
    die "Vault's answer holds no certificate for $1"
}

# sign_in: $token, by the token file or by this host's own identity
sign_in() {
  token=''
  if [ -z "$login" ]; then
    token=$(cat "$token_file")
    plain "the token" "$token"
    echo '{}' >"$private/body" # a token that can be renewed lives on; any other is as good as before
    request auth/token/renew-self "$private/body" >/dev/null || true
    return
  fi
  if [ -n "$jwt" ] && { [ ! -s "$identity/secret-id" ] || [ ! -s "$identity/role-id" ]; }; then take_by_token; fi
  [ -s "$identity/secret-id" ] || die "this host is not enrolled: it has no identity in $identity"
  code=0
  ask_for_token || code=$?
  if [ "$code" -eq 2 ] && [ -n "$jwt" ]; then # it was off for too long, or is another machine of that name
    code=0
    take_by_token
    ask_for_token || code=$?
  fi
  case $answered in
  403) die "this host was removed (ssh-trust host remove): Vault denies its sign-in ($(cat "$private/reason"))" ;; # its entity is disabled
  400) die "Vault refuses this host's identity ($(cat "$private/reason")): it was removed or reissued, it was not used for too long, or a copy of this disk used it first" ;;
  esac
  [ "$code" -eq 0 ] || die "$(cat "$private/reason")"
  read_token || die "this host was removed (ssh-trust host remove): nothing is signed for it any more"
}

read_token() { # $token, of the answer to the sign-in; 1, and none, if this host is kept out
  token=$(jq -er '.auth.client_token | strings' "$private/login") || die "Vault's answer to the sign-in holds no token"
  plain "the token" "$token"
  if jq -e '.auth.token_policies // [] | index("ssh-trust-kept-out")' "$private/login" >/dev/null; then
    sign_out
    return 1
  fi
}

is_good() { # whether the identity that this host has signs in; where that cannot be told, it ends
  [ -s "$identity/secret-id" ] && [ -s "$identity/role-id" ] || return 1
  token=''
  ask_for_token || :
  case $answered in
  2??) ;;
  400 | 403) return 1 ;;
  *) die "$(cat "$private/reason")" ;;
  esac
  read_token || return 1
  sign_out
}

ask_for_token() { # fails as request does
  jq -n --rawfile role "$identity/role-id" --rawfile secret "$identity/secret-id" \
    '{role_id: $role, secret_id: $secret} | map_values(rtrimstr("\n"))' >"$private/body"
  request "$login/login" "$private/body" >"$private/login"
}

# take_by_token: an identity by the token that the platform gave this machine: its AppRole, and a secret id of it. What Vault lets
# it ask for is written here word for word.
take_by_token() {
  [ -e "$jwt" ] || die "the token file $jwt is not there (yet): this machine's platform has to put it there"
  [ -r "$jwt" ] || die "the token file $jwt cannot be read"
  [ -s "$jwt" ] || die "the token file $jwt is empty"
  jq -n --rawfile jwt "$jwt" --arg role "${jwt_role##*/role/}" '{role: $role, jwt: $jwt | rtrimstr("\n")}' >"$private/body"
  request "${jwt_role%/role/*}/login" "$private/body" >"$private/login" ||
    not_enrolled "Vault does not take this machine's token ($jwt)"
  token=$(jq -er '.auth.client_token | strings' "$private/login") || die "Vault's answer to the sign-in holds no token"
  plain "the token" "$token"
  (umask 022 && mkdir -p "$identity")
  check_room "$identity" "this host's identity" 16
  no_identity="no identity for ${principals%%,*} (is that what this machine's token says?)"
  # An AppRole that is there stays as it is: it may be one without rights, which keeps this host out.
  if ! request "$own_role/role-id" >"$private/role-id"; then
    [ "$answered" = 404 ] || not_enrolled "$no_identity"
    jq -n --arg policy "ssh-trust-host-$group" '{token_policies: $policy, secret_id_ttl: "168h", token_max_ttl: "24h"}' >"$private/body"
    request "$own_role" "$private/body" >/dev/null || not_enrolled "$no_identity"
    request "$own_role/role-id" >"$private/role-id" || not_enrolled "$no_identity"
  fi
  jq -jer '.data.role_id | strings | select(. != "")' "$private/role-id" >"$identity/.role-id" || not_enrolled "Vault's answer holds no role id"
  echo '{}' >"$private/body"
  request "$own_role/secret-id" "$private/body" >"$private/next" || not_enrolled "$no_identity"
  keep_secret "$private/next" || not_enrolled "this host's identity cannot be saved in $identity"
  request auth/token/revoke-self "$private/body" >/dev/null || true
  token=''
  # Killed between the two, it has half of each: Vault takes neither, and the token is used again.
  mv -f "$identity/.role-id" "$identity/role-id"
  rm -f "$identity/secret-id.old" "$identity/entry-version"
  mv -f "$identity/.next" "$identity/secret-id"
  sync "$identity"
  say "enrolled as ${principals%%,*}, by the token in $jwt"
}

# not_enrolled REASON: why, and what Vault says; where Vault could not be asked, that alone. The token has nothing to tell anybody.
not_enrolled() {
  problem=$1
  case $answered in 4??) problem="$1: $(cat "$private/reason")" ;; 2??) ;; *) problem=$(cat "$private/reason") ;; esac
  if [ -n "$token" ]; then
    echo '{}' >"$private/body"
    request auth/token/revoke-self "$private/body" >/dev/null || true
    token=''
  fi
  die "$problem"
}

sign_out() { # the token has done its work
  [ -n "$login" ] && [ -n "$token" ] || return 0
  echo '{}' >"$private/body"
  request auth/token/revoke-self "$private/body" >/dev/null || true
  token=''
}

# renew_identity: another secret id for the next time; the one before is worth nothing from then on. Whenever this is killed, one
# of the two is in its place, and works.
renew_identity() {
  [ -n "$login" ] || return 0
  end_old_secret
  echo '{}' >"$private/body"
  request "$own_role/secret-id" "$private/body" >"$private/next" || {
    say "this host's identity was not renewed: $(cat "$private/reason")"
    return 0
  }
  keep_secret "$private/next" || {
    say "this host's identity was not renewed: $identity has no room, or Vault's answer holds none"
    return 0
  }
  ln -f "$identity/secret-id" "$identity/secret-id.old"
  mv -f "$identity/.next" "$identity/secret-id"
  sync "$identity"
  end_old_secret
}

keep_secret() { # keep_secret ANSWER: the secret id in it, on the disk, as .next
  if jq -jer '.data.secret_id | strings | select(. != "")' "$1" >"$identity/.next" && sync "$identity/.next"; then return 0; fi
  rm -f "$identity/.next"
  return 1
}

# take_identity: what was handed over is good once. If somebody else had it first, this host has no identity, and says so: it
# takes no other way. Handed over again after its use, it changes nothing: this host has a secret id of that very AppRole.
take_identity() {
  [ -n "$login" ] || die "SSH_TRUST_LOGIN is not set: there is no identity to take"
  if [ ! -e "$identity/wrapped" ]; then
    [ -n "$jwt" ] || [ -s "$identity/secret-id" ] || die "there is nothing to enrol with: no $identity/wrapped"
    return 0 # it has one already, or gets it when it signs in
  fi
  [ -s "$identity/role-id" ] || die "there is nothing to enrol with: no $identity/role-id"
  look_up "$identity/wrapped"
  if [ "$code" -eq 2 ]; then
    keep_identity
    return
  fi
  of=$(jq -r '.data.creation_path // ""' "$private/wrapping" | one_line)
  case $of in
  "$own_role/secret-id" | "${VAULT_NAMESPACE:-none}/$own_role/secret-id") ;;
  *) alarm "the wrapping token that was given to this host was made at \"$of\", and not for it" ;;
  esac
  wrapped=$(cat "$identity/wrapped")
  plain "the wrapping token" "$wrapped"
  check_room "$identity" "this host's identity" 16
  : >"$identity/.unwrapping"
  sync "$identity"
  token=$wrapped
  echo '{}' >"$private/body"
  request sys/wrapping/unwrap "$private/body" >"$private/unwrapped" || code=$?
  token=''
  if [ "$code" -eq 2 ]; then # since it was looked up
    keep_identity
    return
  fi
  [ "$code" -eq 0 ] || die "$(cat "$private/reason")"
  keep_secret "$private/unwrapped" || die "this host's identity cannot be saved in $identity: issue a new one: ssh-trust host reissue ${principals%%,*} --out <file>"
  rm -f "$identity/secret-id.old" "$identity/entry-version"
  mv -f "$identity/.next" "$identity/secret-id"
  rm -f "$identity/wrapped" "$identity/.unwrapping"
  sync "$identity"
  say "enrolled as ${principals%%,*}"
}

look_up() { # look_up FILE: what the wrapping token in it opens, in $private/wrapping; $code is 2 if it opens nothing any more
  token=''
  jq -n --rawfile wrapped "$1" '{token: $wrapped | rtrimstr("\n")}' >"$private/body"
  code=0
  request sys/wrapping/lookup "$private/body" >"$private/wrapping" || code=$?
  case $code in 0 | 2) ;; *) die "$(cat "$private/reason")" ;; esac
}

keep_identity() { # where what was handed over opens nothing any more
  is_good || alarm
  rm -f "$identity/wrapped" "$identity/.unwrapping"
  sync "$identity"
  say "the wrapping token was used already, or has expired; the identity that this host has is still valid"
}

used() {
  begin
  check_settings
  [ -n "$login" ] || die "SSH_TRUST_LOGIN is not set: this host has no identity"
  cat >"$private/handed"
  [ -s "$private/handed" ] || die "there is no wrapping token on standard input"
  look_up "$private/handed"
  [ "$code" -eq 2 ] && is_good
}

alarm() { # alarm [REASON]: for a person to look into; another try will not help
  failed=4
  [ "$#" -eq 0 ] || die "ALARM: $1; sshd keeps its plain keys. Issue a new identity: ssh-trust host reissue ${principals%%,*} --out <file>"
  until=$(cat "$identity/wrapped-until" 2>/dev/null) || until=''
  case $until in '' | *[!0-9]*) until=0 ;; esac
  if [ -e "$identity/.unwrapping" ]; then
    who="this host stopped while it was opening it, or SOMEBODY ELSE HAS OPENED IT"
  elif [ "$(date -u +%s)" -lt "$until" ]; then
    who="it was good until $(date -u -d "@$until" 2>/dev/null || echo "$until"), so SOMEBODY ELSE HAS OPENED IT, or it was revoked"
  else
    who="it has expired, or somebody else has opened it"
  fi
  die "ALARM: Vault no longer knows the wrapping token that was given to this host: $who; sshd keeps its plain keys. Unless ssh-trust host show ${principals%%,*} shows that another machine of yours used the same file, issue a new identity: ssh-trust host reissue ${principals%%,*} --out <file>"
}

end_old_secret() {
  [ -s "$identity/secret-id.old" ] || return 0
  # shellcheck disable=SC3013
  if [ "$identity/secret-id.old" -ef "$identity/secret-id" ]; then # killed before there was another
    rm -f "$identity/secret-id.old"
    return 0
  fi
  jq -n --rawfile secret "$identity/secret-id.old" '{secret_id: $secret | rtrimstr("\n")}' >"$private/body"
  code=0
  request "$own_role/secret-id/destroy" "$private/body" >/dev/null || code=$?
  case $code in
  0 | 2) rm -f "$identity/secret-id.old" ;;
  *) say "the previous identity is not revoked yet: $(cat "$private/reason")" ;;
  esac
}

fetch_ca() { # fetch_ca MOUNT FILE EXPECTED-FINGERPRINT: a CA's public key; anyone may read it
  request "$1/public_key" >"$work/fetched" || die "the CA key of $1 could not be read: $(cat "$private/reason")"
  single <"$work/fetched" >"$2" || die "what Vault gave as the CA key of $1 is not one public key"
  case $(ssh-keygen -l -f "$2" 2>/dev/null) in
  '' | *-CERT\)) die "what Vault gave as the CA key of $1 is not one public key" ;;
  esac
  [ -z "$3" ] || [ "$(fingerprint <"$2")" = "$3" ] || die "the CA of $1 is $(fingerprint <"$2"), not $3, which this host expects (SSH_TRUST_HOST_CA, SSH_TRUST_USER_CA, or the CA from before)"
}

# --- checking what came back -------------------------------------------------------------------------------------

# single: the one key or certificate of standard input, as `type base64`; 1 if there is not exactly one. Comments, empty lines,
# other line ends and a missing last one are as good as to ssh-keygen.
single() {
  awk '
    { sub(/\r$/, "") }
    /^[ \t]*(#|$)/ { next }
    { lines++; line = $1 " " $2 }
    END { if (lines != 1 || line !~ /^[^ ]+ [^ ]+$/) exit 1; print line }'
}

fingerprint() { # of the key on standard input
  listed=$(ssh-keygen -l -f - 2>/dev/null) || :
  listed=${listed#* }
  printf '%s\n' "${listed%% *}"
}

# Of awk: days since 1970 of a date, by the civil calendar, and its seconds
awk_epoch='
  function epoch(time,   y, m, d, era) {
    y = substr(time, 1, 4) + 0; m = substr(time, 6, 2) + 0; d = substr(time, 9, 2) + 0
    if (m <= 2) y--
    era = int(y / 400); y -= era * 400
    d += int((153 * (m > 2 ? m - 3 : m + 9) + 2) / 5) - 1 + y * 365 + int(y / 4) - int(y / 100)
    return (era * 146097 + d - 719468) * 86400 + substr(time, 12, 2) * 3600 + substr(time, 15, 2) * 60 + substr(time, 18, 2)
  }'

# read_certificate FILE: what ssh-keygen reads in it: $kind, $certified and $signer (fingerprints), $options, $serial, $from and $to
# (Unix time). 1 if it is not one certificate. One that was read before, in whatever file, is not read again.
read_certificate() {
  only_line "$1"
  for seen in $seen_certificates; do
    [ -n "$its_line" ] || break
    case $seen in
    "$its_line$tab"*)
      IFS=$tab
      # shellcheck disable=SC2086 # one field a word
      set -- ${seen#"$its_line$tab"}
      IFS=$newline
      take_fields "$@"
      return
      ;;
    esac
  done
  show_certificate "$1"
}
seen_certificates='' # its line, and the fields, with tabs between, of each file that is one line without a tab
only_line() { # only_line FILE: $its_line, or nothing if it is another file
  its_line='' its_more='' its_rest=''
  [ -f "$1" ] || return 0
  {
    read -r its_line
    while read -r its_more; do its_rest=$its_rest$its_more; done
  } 2>/dev/null <"$1" || :
  case $its_line$tab$its_rest$its_more in
  "$its_line$tab") ;;
  *) its_line='' ;;
  esac
  case $its_line in *"$tab"*) its_line='' ;; esac
}
take_fields() { kind=${1#=} certified=${2#=} signer=${3#=} options=${4#=} serial=${5#=} from=${6#=} to=${7#=}; }

# show_certificate FILE: the same, and all that ssh-keygen shows of it: $shown. A field is empty unless there is exactly one such line:
# ssh-keygen prints a key id as it is, line breaks and all, so a second line of that name is somebody's forgery.
show_certificate() {
  only_line "$1"
  shown=$({ single <"$1" | ssh-keygen -L -f -; } 2>/dev/null) || shown=''
  # shellcheck disable=SC2046 # one field a line
  set -- $(printf '%s\n' "$shown" | awk "$awk_epoch"'
    match($0, /^ *(Type|Public key|Signing CA|Critical Options|Serial|Valid):/) {
      name = substr($0, 1, RLENGTH - 1); sub(/^ */, "", name)
      value = substr($0, RLENGTH + 1); sub(/^ */, "", value)
      field[name] = count[name]++ ? "" : value
    }
    function second(text,   words) { split(text, words, " "); return words[2] }
    function line(text) { print "=" text } # an empty one is a field, too
    END {
      kind = field["Type"]
      line(kind ~ / host certificate$/ ? "host" : kind ~ / user certificate$/ ? "user" : "")
      line(second(field["Public key"])); line(second(field["Signing CA"])); line(field["Critical Options"]); line(field["Serial"])
      date = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]"
      split(field["Valid"], words, " ")
      whole = field["Valid"] ~ ("^from " date " to " date "$") # not for ever
      printf "=%s\n=%s\n", whole ? sprintf("%.0f", epoch(words[2])) : "", whole ? sprintf("%.0f", epoch(words[4])) : ""
    }')
  take_fields "$@"
  [ -n "$shown" ] || return 1
  [ -z "$its_line" ] || seen_certificates=$seen_certificates$its_line$tab$1$tab$2$tab$3$tab$4$tab$5$tab$6$tab$7$newline
}

# problems CERTIFICATE PUBLIC-KEY CA-FINGERPRINT: $found, why the certificate must not be installed, a reason a line; nothing if it may be
problems() {
  found=''
  if ! show_certificate "$1"; then
    found="it is not one certificate"
    return
  fi
  [ "$kind" = host ] || and_so "it is not a host certificate"
  if [ -z "$certified" ] || [ "$certified" != "$(printf '%s\n' "$2" | fingerprint)" ]; then and_so "it is for another key"; fi
  if [ -z "$signer" ] || [ "$signer" != "$3" ]; then and_so "another CA signed it"; fi
  [ "$options" = "(none)" ] || and_so "it has critical options"
  # Whole lines are compared, as sets: a comma or a colon in a principal is part of its name.
  wanted=$(printf '%s\n' "$principals" | tr , '\n' | sort -u)
  named=$(printf '%s\n' "$shown" | sed -n '/^ *Principals:/,/^ *Critical Options:/p' | sed '1d;$d;s/^                //' | sort -u)
  if [ -z "$principals" ] || [ "$named" != "$wanted" ]; then and_so "its principals are not exactly $principals"; fi
  now=$(date -u +%s)
  if [ -z "$to" ]; then
    and_so "it has no beginning or no end"
  elif [ "$now" -lt "$from" ] || [ "$now" -ge "$to" ]; then
    and_so "it is not valid now; is the clock right?"
  fi
}
and_so() { found=$found${found:+$newline}$1; }

check() {
  [ "$#" -eq 3 ] || usage
  [ -n "$principals" ] || principals=$(own_name)
  check_names
  public=$(public_of "$2") || die "no public key can be read from $2"
  problems "$1" "$public" "$3"
  [ -z "$found" ] || die "$found"
}

# left CERTIFICATE: seconds until it is to be renewed, 0 or less if it is
left() {
  read_certificate "$1" || :
  echo $(($(due_at "${from:-0}" "${to:-0}" "$serial") - $(date -u +%s)))
}

# due_at FROM TO SERIAL: after renew_at percent of its life, or up to a quarter of that sooner: hosts that booted together do not
# renew together. The part is the serial's, which Vault draws at random. As in src/host/schedule.ts
due_at() {
  part=$3
  while [ "${#part}" -gt 3 ]; do part=${part#?}; done
  part=$((1000 - (1$part % 1000) / 4))
  # shellcheck disable=SC2017 # each product stays below what a shell of 32 bits can count
  echo $(($1 + ($2 - $1) * renew_at / 100 * part / 1000))
}

# --- having keys signed ------------------------------------------------------------------------------------------

asked_for() { printf '%s\n' "$VAULT_ADDR ${VAULT_NAMESPACE:-} $sign_path $principals"; }
file_of() { known "$1" && printf '%s\n' "$print" | tr '/:' '_-'; } # file_of KEY: what its certificate is called in our own folders

check_clock() { # by Vault's, in its last answer: what it signs would not be valid here, and be asked for again and again
  theirs=$(awk "$awk_epoch"'
    tolower($1) == "date:" { day = $3; month = index("JanFebMarAprMayJunJulAugSepOctNovDec", $4); year = $5; time = $6 }
    END {
      if (year !~ /^[0-9][0-9][0-9][0-9]$/ || day !~ /^[0-9][0-9]?$/ || month % 3 != 1 || time !~ /^[0-9][0-9]:[0-9][0-9]:[0-9][0-9]$/) exit 1
      printf "%.0f\n", epoch(sprintf("%s-%02d-%02dT%s", year, (month + 2) / 3, day, time))
    }' "$private/headers") || return 0
  ahead=$(($(date -u +%s) - theirs))
  if [ "$ahead" -gt 3600 ]; then die "this host's clock is $ahead s ahead of Vault's: nothing was requested"; fi
  if [ "$ahead" -lt -3600 ]; then die "this host's clock is $((-ahead)) s behind Vault's: nothing was requested"; fi
}

check_room() { # check_room FOLDER WHAT KIB: what cannot be stored would be asked for again and again, or be lost
  room=0
  dd if=/dev/zero of="$1/.room" bs=1024 count="$3" 2>/dev/null && sync "$1/.room" || room=1
  rm -f "$1/.room"
  [ "$room" -eq 0 ] || die "$1 has no room for $2: nothing was requested"
}

# at_hand KEY FILE CA-FINGERPRINT: puts into FILE what Vault gave before and nobody has seen yet, if it is still what is asked for
at_hand() {
  for there in "$kept/$(file_of "$1")" "$(certificate_of "$1")"; do
    case $there in "$kept"/*) [ "$(cat "$kept/asked-for" 2>/dev/null)" = "$(asked_for)" ] || continue ;; *) [ ! -f "$proof" ] || continue ;; esac
    [ -f "$there" ] || continue
    problems "$there" "$(cat "$work/public")" "$3"
    case $found in
    '' | "it is not valid now"*)
      [ "$(left "$there")" -gt 0 ] || continue # (one that is not valid yet is not asked for again: the clock will come to it)
      cp "$there" "$2"
      return
      ;;
    esac
  done
  return 1
}

# certify CA-FINGERPRINT: a certificate for each of $keys in $work; those that Vault does not sign go to $left_out. $given says
# whether one was signed before
certify() {
  signed='' not_signed='' reasons='' given=signed
  if [ "$(cat "$kept/asked-for" 2>/dev/null)" != "$(asked_for)" ]; then
    rm -rf "$kept"
    mkdir "$kept"
    asked_for >"$kept/asked-for"
  fi
  for key in $keys; do
    known "$key"
    printf '%s\n' "$public" >"$work/public"
    certificate=$work/$(file_of "$key")
    if at_hand "$key" "$certificate" "$1"; then
      given='signed before'
    else
      code=0
      sign "$key" "$certificate" || code=$?
      case $code in
      0) cp "$certificate" "$kept/" ;;
      2)
        reasons=$reasons$(cat "$private/reason")$newline
        left_out="$left_out$key: $(cat "$private/reason")$newline"
        not_signed=$not_signed$(fingerprint <"$work/public")$newline
        continue
        ;;
      *) die "$key was not signed: $(cat "$private/reason")" ;;
      esac
    fi
    problems "$certificate" "$(cat "$work/public")" "$1"
    [ -z "$found" ] || die "Vault's certificate for $key is not installed: $(printf '%s\n' "$found" | one_line)"
    signed=$signed$key$newline
  done
  [ -n "$signed" ] || die "no host key was signed: $(printf '%s' "$reasons" | sort -u | one_line)"
  keys=$signed
  rm -f "$refused"
  [ -z "$not_signed" ] || printf '%s' "$not_signed" >"$refused"
}

# --- installing --------------------------------------------------------------------------------------------------

swap_in() { # swap_in FILE TARGET: replaces TARGET at one stroke; the journal knows what was there
  [ ! -d "$2" ] || die "$2 is a folder"
  rm -f "$2.ssh-trust-old"
  if is_there "$2"; then
    ln "$2" "$2.ssh-trust-old"
    printf 'old %s\n' "$2" >>"$journal"
  else
    printf 'new %s\n' "$2" >>"$journal"
  fi
  chmod 0640 "$1"
  sync "$1" "$journal"
  mv -f "$1" "$2"
}
is_there() { [ -e "$1" ] || [ -L "$1" ]; }

roll_back() { # what an unfinished installation has changed, now or in a run that was killed
  [ -f "$journal" ] || return 0
  rm -f "$proof"
  while IFS=' ' read -r was target; do
    [ "$was" != reloaded ] || continue
    # shellcheck disable=SC3013
    if [ "$target.ssh-trust-old" -ef "$target" ]; then
      rm -f "$target.ssh-trust-old" # noted, but not changed yet: mv refuses two names of one file
    elif is_there "$target.ssh-trust-old"; then
      mv -f "$target.ssh-trust-old" "$target"
    elif [ "$was" = new ]; then
      rm -f "$target"
    fi
  done <"$journal"
  if grep -q '^reloaded ' "$journal"; then reload; fi
  rm -f "$journal"
  say "rolled back to what was there before"
}

finish() { # what is installed stays
  changed=$(sed -n 's/^old //p' "$journal")
  rm -f "$journal"
  for target in $changed; do rm -f "$target.ssh-trust-old"; done
  rm -rf "$kept"
  sync "$dir"
}

# hard KEYWORD: of the algorithms that ssh-audit finds no failure in, those that this OpenSSH has, the best first, with commas. No
# ECDSA: its curves of NIST count as a failure there.
hard() {
  case $1 in
  KexAlgorithms)
    set -- kex mlkem768x25519-sha256 sntrup761x25519-sha512 sntrup761x25519-sha512@openssh.com curve25519-sha256 \
      curve25519-sha256@libssh.org diffie-hellman-group18-sha512 diffie-hellman-group16-sha512
    ;;
  Ciphers) set -- cipher aes256-gcm@openssh.com aes128-gcm@openssh.com aes256-ctr aes192-ctr aes128-ctr ;;
  MACs) set -- mac hmac-sha2-512-etm@openssh.com hmac-sha2-256-etm@openssh.com umac-128-etm@openssh.com ;;
  *)
    set -- HostKeyAlgorithms ssh-ed25519-cert-v01@openssh.com rsa-sha2-512-cert-v01@openssh.com rsa-sha2-256-cert-v01@openssh.com \
      ssh-ed25519 rsa-sha2-512 rsa-sha2-256
    ;;
  esac
  kind=$1
  shift
  printf '%s\n' "$@" | grep -xF "$(ssh -Q "$kind")" | paste -s -d , -
}

write_dropin() { # the sshd settings that name what is installed
  echo "# written by ssh-trust-host; changes here are overwritten"
  for key in $keys; do printf 'HostCertificate "%s"\n' "$(certificate_of "$key")"; done
  if [ -n "$user_mount" ] || grep -qsxF "TrustedUserCAKeys \"$user_ca\"" "$dropin"; then printf 'TrustedUserCAKeys "%s"\n' "$user_ca"; fi
  if [ "$harden" = yes ]; then
    for keyword in KexAlgorithms Ciphers MACs HostKeyAlgorithms; do
      found=$(hard "$keyword")
      [ -z "$found" ] || printf '%s %s\n' "$keyword" "$found"
    done
  fi
  [ -n "$group" ] || return 0
  # An account with a blank in its name would be opened by a certificate for another.
  printf 'AuthorizedPrincipalsCommand %s\nAuthorizedPrincipalsCommandUser nobody\nDenyUsers "* *"\n' "$(principals_command)"
}
principals_command() { printf '/usr/bin/printf %%%%s\\n %%u@%s' "$group"; } # prints the account, and of which group

traced() { sshd_test -ddd 2>&1 >/dev/null | tr -d '\r'; } # what sshd says while it reads its settings
where_set() { # where_set: what sshd takes from where, `file:line keyword value` a line, in the order of its reading
  traced | sed -n 's/^debug3: \(.*:[0-9][0-9]*\) setting /\1 /p'
}

# in_force: nothing, if sshd, with all its settings, takes ours; what comes before or after them otherwise
in_force() {
  ask_sshd || {
    case $complaint in *"within a Match block"*) complaint="$complaint (the line Include belongs above the first Match)" ;; esac
    echo "sshd rejects the new settings: $complaint"
    return
  }
  for key in $keys; do
    ours=$(certificate_of "$key")
    if ! values hostcertificate | grep -xF "$ours" >/dev/null; then
      not_read
      return
    fi
    # Of several certificates for a key, sshd shows the last.
    for other in $(values hostcertificate | awk -v ours="$ours" '$0 == ours { after = 1; next } after'); do
      read_certificate "$other" || :
      known "$key"
      [ "$certified" = "$print" ] || continue
      echo "sshd shows another certificate for $key: $other, set at $(set_by hostcertificate "$other")"
      return
    done
  done
  [ -z "$user_mount" ] || [ "$(values trustedusercakeys)" = "$user_ca" ] || {
    other=$(values trustedusercakeys)
    echo "sshd trusts another user CA: TrustedUserCAKeys $other, set at $(set_by trustedusercakeys "$other")"
    return
  }
  [ -z "$group" ] || [ "$(values authorizedprincipalscommand)" = "$(principals_command)" ] || {
    other=$(values authorizedprincipalscommand)
    echo "sshd asks another program who may log in: AuthorizedPrincipalsCommand $other, set at $(set_by authorizedprincipalscommand "$other")"
  }
}

# other_ways: whom sshd lets in beside those whom the fleet names, and whom of them it does not, a sentence a line. They are somebody
# else's settings, and stay.
other_ways() {
  [ -n "$group" ] || [ "$harden" = yes ] || return 0
  files=$(values authorizedkeysfile)
  case $files in '' | none) ;; *) echo "sshd also lets in anyone with a key in $files (AuthorizedKeysFile)" ;; esac
  program=$(values authorizedkeyscommand)
  case $program in '' | none) ;; *) echo "sshd also lets in anyone with a key that $program names (AuthorizedKeysCommand)" ;; esac
  case $(values passwordauthentication)$(values kbdinteractiveauthentication) in
  *yes*) echo "sshd also lets in anyone with an account's password (PasswordAuthentication, KbdInteractiveAuthentication)" ;;
  esac
  for keyword in gssapiauthentication kerberosauthentication hostbasedauthentication; do
    [ "$(values "$keyword")" != yes ] || echo "sshd also lets people in by another way ($keyword)"
  done
  if [ "$harden" = yes ]; then
    for keyword in KexAlgorithms Ciphers MACs HostKeyAlgorithms; do
      taken=$(values "$(printf '%s' "$keyword" | tr '[:upper:]' '[:lower:]')")
      [ "$taken" = "$(hard "$keyword")" ] || echo "sshd offers $taken ($keyword, set before ours), in spite of SSH_TRUST_HARDEN"
    done
  fi
  for keyword in allowusers allowgroups denygroups denyusers; do
    whom=$(values "$keyword" | grep -vxF '* *' | paste -s -d ' ' -)
    case $whom:$keyword in
    :*) ;;
    *:allow*) echo "sshd lets in nobody but $whom ($keyword)" ;;
    *) echo "sshd does not let in $whom ($keyword)" ;;
    esac
  done
  in_match_blocks
}

# in_match_blocks: the same for some connections only, as one sentence. sshd -T shows one connection at a time, so the settings are
# quoted from its files. A file that a block includes is named, and not read as part of the block.
in_match_blocks() {
  # shellcheck disable=SC2046 # one file a line
  set -- $(traced | sed -n 's/^debug2: load_server_config: filename //p' | awk '!seen[$0]++')
  [ "$#" -gt 0 ] || return 0
  awk '
    FNR == 1 { block = "" } # it ends with its file
    {
      line = $0
      gsub(/"/, "", line); gsub(/[\001-\040\177]+/, " ", line); gsub(/^ | $| #.*$/, "", line); sub(/[ =]+/, " ", line)
      keyword = tolower(line); sub(/ .*/, "", keyword)
      value = tolower(substr(line, length(keyword) + 2))
    }
    keyword == "match" { block = value == "all" ? "" : line; next }
    block == "" || keyword !~ /^((allow|deny)(users|groups)|authorized(keys|principals)(file|command)|trustedusercakeys|include|(password|kbdinteractive|challengeresponse|gssapi|kerberos|hostbased)authentication)$/ { next }
    value ~ /^(no|none)$/ && keyword ~ /^authorizedkeys|authentication$/ { next }
    length(list) > 200 { more++; next }
    length(line) > 100 { line = substr(line, 1, 97) "..." }
    length(block) > 60 { block = substr(block, 1, 57) "..." }
    { list = list (list == "" ? "" : "; ") line " (" block ", " FILENAME ":" FNR ")" }
    END { if (list != "") print "sshd has in Match blocks: " list (more ? "; and " more " more" : "") }' "$@" 2>/dev/null || :
}

not_read() { # why our file is not among those that sshd reads
  case $(where_set) in
  *"$dropin:"*) echo "sshd does not take what $dropin says" ;;
  *) echo "sshd does not read $dropin: $config needs, as its first line: Include $dir/sshd_config.d/*.conf (or, before OpenSSH 8.2, the lines: $(sed 1d "$dropin" | paste -s -d ';' -))" ;;
  esac
}

set_by() { # set_by KEYWORD VALUE: FILE:LINE, or how else
  where_set | awk -v keyword="$1" -v value="$2" '
    tolower($2) == keyword && index($0, value) { print $1; found = 1; exit }
    END { if (!found) print "sshd'"'"'s command line" }'
}

reload() { # with settings that it does not take, sshd would end
  find_sshd
  # shellcheck disable=SC2086 # one option a line
  if [ -n "$pids" ] && "$sshd" -t -f "$config" $flags 2>/dev/null; then
    for pid in $pids; do kill -HUP "$pid" 2>/dev/null || true; done
  fi
}

# --- proving -----------------------------------------------------------------------------------------------------

# client PLACE OPTION…: OpenSSH's own client, as far as the authentication, which is not tried. Nothing is said that has to be kept
# secret for decades: an exchange of keys that costs half a handshake is enough, where this client has it.
client() {
  at=$1
  shift
  [ -n "$exchange" ] || { ssh -Q kex | grep -qxF curve25519-sha256 && exchange='KexAlgorithms=^curve25519-sha256'; } || exchange=ConnectTimeout=3
  timeout 10 ssh -v -F none -o "$exchange" -o BatchMode=yes -o PreferredAuthentications=none -o StrictHostKeyChecking=yes -o IdentityAgent=none \
    -o GlobalKnownHostsFile=none -o UpdateHostKeys=no -o ConnectTimeout=3 "$@" -p "${at##* }" "root@${at%% *}" true </dev/null 2>&1 9>&- | tr -d '\r'
}

answers() { # whether an SSH server answers at one of its places
  for place in $(places); do
    if client "$place" -o UserKnownHostsFile=none | grep -q '^debug1: Remote protocol version'; then return 0; fi
  done
  return 1
}

# seen_at PLACE: a client that trusts the CA for this name only gets past the host with each key's certificate.
# 1 if not, 2 if no SSH server answers there; the reason is in $why
seen_at() {
  name=${principals%%,*}
  printf '@cert-authority %s %s\n' "$name" "$(cat "$host_ca")" >"$work/known_hosts"
  for key in $keys; do
    certificate=$(certificate_of "$key")
    read_certificate "$certificate" || :
    known "$key"
    client "$1" -o "UserKnownHostsFile=\"$work/known_hosts\"" -o HostKeyAlias="$name" \
      -o HostKeyAlgorithms="$(shown_as "${public%% *}")" >"$work/seen" || true
    if ! grep -q '^debug1: Remote protocol version' "$work/seen"; then
      why="no sshd answers at $1: $(client_says)"
      return 2
    fi
    # That authentication is refused (or needed no proof) shows that the host was accepted.
    if ! grep -q "^debug1: Server host certificate: .*, serial $serial ID " "$work/seen" ||
      ! grep -q -e '^root@.*: Permission denied' -e '^Authenticated to .* using "none"' "$work/seen"; then
      why="sshd at $1 does not present the certificate of $key with serial $serial: $(client_says)"
      return 1
    fi
  done
}

client_says() { # the client's own reason, in $work/seen
  {
    sed -n 's/^debug1: Server host \(.*\)/it shows a \1./p' "$work/seen"
    sed '/^debug[123]: /d; /^OpenSSH_/d' "$work/seen" | tail -n 4
  } | one_line
}

installed() { # $keys without those that have no certificate, as Vault does not sign them
  there=''
  for key in $keys; do
    if [ -f "$(certificate_of "$key")" ] && ! is_refused "$key"; then there=$there$key$newline; fi
  done
  keys=$there
}
is_refused() { [ -f "$refused" ] && known "$1" && grep -qxF "$print" "$refused"; }

# prove: 0 if a client sees what is installed; 1 if it sees something else, 3 if no sshd answers. An sshd that was told to
# start again is given a few seconds.
prove() {
  if [ -z "${work:-}" ]; then
    begin
    installed
  fi
  if [ -z "$keys" ] || [ ! -f "$host_ca" ]; then
    say "nothing is installed yet"
    return 1
  fi
  until=$(($(date -u +%s) + 5))
  while :; do
    proved=3 reason="sshd names no address that it listens at"
    for place in $(places); do
      code=0
      seen_at "$place" || code=$?
      case $code in
      0)
        printf '%s\n' "$principals" >"$proof"
        return 0
        ;;
      1) proved=1 reason=$why ;;
      *) [ "$proved" -eq 1 ] || reason=$why ;;
      esac
    done
    if [ -z "$pids" ] || [ "$(date -u +%s)" -ge "$until" ]; then break; fi
    sleep 1
  done
  rm -f "$proof"
  if [ -z "$pids" ] && [ -n "$elsewhere" ]; then
    reason="$reason (an sshd runs, but it reads $elsewhere, not $config)"
  elif [ -z "$pids" ] && [ -n "$hidden" ]; then
    reason="$reason (process $hidden seems to be sshd, but this service may not see which program it is, so it was not told to read its configuration again: run ssh-trust-host renew as root, outside the service)"
  elif [ -z "$pids" ] && [ "$proved" -eq 1 ]; then
    reason="$reason (no sshd was found among the processes, so none was told to read its configuration again: run ssh-trust-host renew as root, outside the service)"
  fi
  say "not proved: $reason"
  return "$proved"
}

# --- the commands ------------------------------------------------------------------------------------------------

begin() { # one at a time, in a folder of its own, after what a killed run left behind
  [ -w "$dir" ] || die "$dir cannot be written to; ssh-trust-host runs as root"
  exec 9>"$dir/.ssh-trust.lock"
  tries=0
  until flock -n 9; do
    tries=$((tries + 1))
    [ "$tries" -lt 60 ] || die "another ssh-trust-host has been running for a minute: try again when it has ended"
    sleep 1
  done
  roll_back
  [ -n "$principals" ] || principals=$(own_name)
  check_names
  ask_sshd || die "sshd rejects $config: $complaint"
  sort_keys
  set +f
  rm -rf "$dir"/.ssh-trust.work.*
  set -f
  work=$(mktemp -d "$dir/.ssh-trust.work.XXXXXX")
  private=$work
  if [ -d /run ] && [ -w /run ]; then private=/run/ssh-trust-host.work; fi # in memory
  if [ "$private" != "$work" ]; then
    rm -rf "$private"
    (umask 077 && mkdir "$private")
  fi
  token='' problem='' next_in=''
  trap 'ended' EXIT
  trap 'exit 130' INT TERM HUP
}

ended() {
  IFS=$newline # a signal comes at any moment
  roll_back
  [ -z "${problem:-}" ] || (tell "$problem") || : # an interruption is none; what ends the telling does not end the cleaning
  sign_out
  rm -rf "$private" "$work"
}

tell_left_out() { for line in $left_out; do say "left out: $line"; done; }

once() {
  begin
  check_settings
  have_signed
}

enroll() {
  begin
  check_settings
  take_identity
  have_signed
}

# report: what this host is, where the run that had its keys signed could not say so
report() {
  begin
  check_settings
  sign_in
  tell '' || :
  sign_out
}

have_signed() {
  if [ -z "$keys" ]; then
    tell_left_out
    die "sshd has no host key that can be certified"
  fi
  sign_in
  fetch_ca "${sign_path%%/sign/*}" "$work/host-ca.pub" "${SSH_TRUST_HOST_CA:-}"
  ca=$(fingerprint <"$work/host-ca.pub")
  check_clock
  check_room "$work" certificates 64
  certify "$ca"
  tell_left_out
  if [ -n "$user_mount" ]; then
    known=${SSH_TRUST_USER_CA:-$([ ! -f "$user_ca" ] || single <"$user_ca" | fingerprint)}
    fetch_ca "$user_mount" "$work/user-ca.pub" "$known"
  fi
  if [ -n "$pids" ] && ! answers; then
    die "sshd runs, but does not answer at $(places | paste -s -d , -): nothing is changed; SSH_TRUST_LISTEN says where it listens"
  fi

  # Certificates before the settings that name them.
  rm -f "$proof"
  for key in $keys; do swap_in "$work/$(file_of "$key")" "$(certificate_of "$key")"; done
  swap_in "$work/host-ca.pub" "$host_ca"
  if [ -n "$user_mount" ]; then swap_in "$work/user-ca.pub" "$user_ca"; fi
  (umask 022 && mkdir -p "${dropin%/*}")
  write_dropin >"$work/dropin"
  swap_in "$work/dropin" "$dropin"

  before=$settings
  in_force >"$work/in-force" # not in a shell of its own: $settings are those with ours
  found=$(cat "$work/in-force")
  if [ -n "$found" ]; then
    settings=$before # which are those that come back
    die "$found"
  fi
  echo 'reloaded sshd' >>"$journal"
  reload
  unproved=0 # (what follows has exit statuses of its own)
  prove || unproved=$?
  if [ "$unproved" -eq 1 ] || { [ "$unproved" -ne 0 ] && [ -n "$pids" ]; }; then
    die "sshd does not present the certificates that were installed" "sshd does not present the certificates that were installed: $reason"
  fi
  finish
  [ -z "$entry" ] || mark untold # until it is in its entry: this run may end before
  next_in=$(soonest_due)
  if [ "$unproved" -eq 0 ]; then
    say "host keys $given for $principals by $ca; renewal in $next_in s"
  else
    say "host keys $given for $principals by $ca and installed, but not proved yet"
  fi
  for line in $(other_ways); do say "note: $line"; done
  renew_identity
  tell '' || :
  sign_out
  [ "$unproved" -eq 0 ] || exit 3
}

# --- saying what this host is ------------------------------------------------------------------------------------

# tell PROBLEM: this host's entry in the inventory. It is written over the one that this host wrote last; where that is another's,
# two machines have one identity, and both say so.
tell() {
  [ -n "$entry" ] && [ -n "$token" ] || return 0
  version=$(cat "$identity/entry-version" 2>/dev/null) || version=''
  case $version in '' | *[!0-9]*) version=0 ;; esac
  # By its token, a machine follows another of its name, and goes on with its entry.
  [ -z "$jwt" ] || [ "$version" -ne 0 ] || version=''
  describe "$1" >"$private/entry" || return 1
  unnoted=no # whether the last run was ended between writing and noting that
  [ ! -e "$identity/.telling" ] || unnoted=yes
  code=0
  put "$version" false || code=$?
  if [ "$code" -eq 2 ] && [ "$unnoted" = yes ]; then
    code=0
    put "$((${version:-0} + 1))" false || code=$?
  fi
  if [ "$code" -eq 2 ] && grep -q check-and-set "$private/reason"; then
    what="Issue a new identity: ssh-trust host reissue ${principals%%,*} --out <file>"
    [ -z "$jwt" ] || what="Terminate the one that should not exist; its platform gave both the same name"
    say "ALARM: another machine reports as this host, so one of the two is a copy. $what"
    code=0
    put '' true || code=$?
  fi
  [ "$code" -eq 0 ] || say "this host's state was not reported: $(cat "$private/reason")"
}

mark() { # mark NAME: notes something beside the identity. (A redirection that fails would end this shell.)
  (: >"$identity/.$1") || say "$identity cannot be written to"
}

put() { # put VERSION CONFLICT: over that version, or over any
  mark telling
  jq --arg version "$1" --argjson conflict "$2" \
    '{data: (. + {conflict: $conflict}), options: (if $version == "" then {} else {cas: ($version | tonumber)} end)}' \
    "$private/entry" >"$private/body"
  request "$entry" "$private/body" >"$private/told" || return
  jq -er '.data.version | numbers' "$private/told" >"$identity/.version" || {
    echo "Vault's answer holds no version" >"$private/reason"
    return 1
  }
  mv -f "$identity/.version" "$identity/entry-version"
  rm -f "$identity/.telling" "$identity/.untold"
}

describe() { # describe PROBLEM: the entry
  since=$(cat "$identity/.problem" 2>/dev/null) || since=''
  case $since in '' | *[!0-9]*) since=$(date -u +%s) ;; esac
  if [ -n "$1" ]; then echo "$since" >"$identity/.problem"; else rm -f "$identity/.problem"; fi
  [ -n "$1" ] || since=0
  for key in $(values hostkey); do
    known "$key"
    printf '%s\n' "$public"
  done >"$private/keys"
  for key in $(values hostkey); do
    certificate=$(certificate_of "$key")
    [ ! -f "$certificate" ] || single <"$certificate" || :
  done >"$private/certificates"
  { hostname -I || ip -o addr show scope global | awk '{ sub("/.*", "", $4); print $4 }'; } 2>/dev/null | tr ' ' '\n' >"$private/addresses"
  other_ways | cut -c1-500 >"$private/other-ways"
  trusted=$([ ! -f "$user_ca" ] || single <"$user_ca" | fingerprint)
  next=$(($(date -u +%s) + ${next_in:-$(until_due)}))
  jq -n --arg problem "$(printf '%s' "$1" | one_line | cut -c1-1000)" --argjson since "$since" --argjson next "$next" \
    --arg host "${principals%%,*}" --arg group "$group" --argjson written "$(date -u +%s)" \
    --rawfile keys "$private/keys" --rawfile certificates "$private/certificates" --rawfile addresses "$private/addresses" \
    --rawfile ways "$private/other-ways" \
    --arg openssh "$(ssh -V 2>&1 | one_line)" --arg script "$script_version" --arg trusted "$trusted" \
    --arg machine "$(sha256sum 2>/dev/null </etc/machine-id | cut -c1-32)" --arg boot "$(cat /proc/sys/kernel/random/boot_id 2>/dev/null)" '
    def lines: split("\n") | map(select(. != ""));
    { schema: 1, host: $host, group: $group, written: $written, next: $next, problem: $problem, since: $since,
      keys: ($keys | lines), certificates: ($certificates | lines), addresses: ($addresses | lines),
      openssh: $openssh, script: $script, machine: $machine, boot: $boot, userCas: ($trusted | lines), otherWays: ($ways | lines) }'
}

# --- when --------------------------------------------------------------------------------------------------------

random_below() { # random_below N: a whole number from 0 to N-1
  echo $(($(od -An -N4 -tu4 /dev/urandom) % ($1 > 0 ? $1 : 1)))
}

until_due() { # seconds until the first certificate is to be renewed; 0 if there is something to do now
  keys=''
  if ask_sshd; then sort_keys; fi
  soonest_due
}

soonest_due() { # the same of $keys, as sshd's settings are known
  soonest=''
  if [ -n "$keys" ]; then
    for key in $keys; do
      if is_refused "$key"; then continue; fi
      certificate=$(certificate_of "$key")
      read_certificate "$certificate" || :
      known "$key"
      if [ "$certified" = "$print" ] &&
        [ "$signer" = "${SSH_TRUST_HOST_CA:-$signer}" ] && values hostcertificate | grep -xF "$certificate" >/dev/null; then
        seconds_left=$(($(due_at "${from:-0}" "${to:-0}" "$serial") - $(date -u +%s)))
      else
        seconds_left=0
      fi
      if [ -z "$soonest" ] || [ "$seconds_left" -lt "$soonest" ]; then soonest=$seconds_left; fi
    done
  fi
  if [ -f "$proof" ] && [ -n "$principals" ] && [ "$(cat "$proof")" != "$principals" ]; then soonest=0; fi
  soonest=${soonest:-0} # also where sshd does not take its configuration: `once` says why
  echo $((soonest > 0 ? soonest : 0))
}

due() { [ ! -f "$proof" ] || [ -f "$journal" ] || [ "$(until_due)" -eq 0 ]; }

attempt() { # attempt COMMAND: in a shell of its own, where an error ends it; $code is its exit status
  ("$1") &
  child=$!
  code=0
  wait "$child" || code=$?
  child=''
}
nap() { # nap SECONDS: until a signal comes
  sleep "$1" &
  child=$!
  wait "$child" || :
  child=''
}
end_watch() { # end_watch STATUS
  [ -z "$child" ] || kill "$child" 2>/dev/null || :
  wait || :
  exit "$1"
}

# longer PAUSE: the longest pause after one more try that failed. As in src/host/schedule.ts
longer() { echo $(($1 * 2 > retry_max ? retry_max : $1 * 2)); }

# tend: does what is to be done; $code is 0 then, or 4 where no other try will help. Vault, or sshd, is waited for.
tend() {
  pause=1
  proven=no # by this run: what was true before the boot may not be now
  while :; do
    code=1
    if [ -n "$login" ] && [ -e "$identity/wrapped" ]; then
      attempt enroll
    else
      seconds_left=$(until_due)
      if [ "$seconds_left" -gt 0 ] && [ -f "$proof" ] && [ "$proven" = yes ]; then
        say_again
        code=0
        return
      fi
      if [ "$seconds_left" -gt 0 ]; then attempt prove; fi
      # Something else is shown, or there is nothing: another try, with what Vault gave before as long as it is good
      if [ "$code" -eq 1 ]; then attempt once; fi
    fi
    if [ "$code" -eq 4 ]; then return; fi
    if [ "$code" -eq 0 ]; then
      proven=yes
      [ "$(until_due)" -eq 0 ] || continue
      say "what Vault signs is due for renewal at once: is the role's ttl too short?"
    fi
    wait_for=$((1 + $(random_below "$pause")))
    say "trying again in $wait_for s"
    nap "$wait_for"
    pause=$(longer "$pause")
  done
}

say_again() { [ ! -e "$identity/.untold" ] || attempt report; }

listening_for_signals() {
  child=''
  trap 'end_watch 0' TERM HUP
  trap 'end_watch 130' INT
}

renew() {
  listening_for_signals
  tend
  exit "$code"
}

watch() {
  listening_for_signals
  while :; do
    tend
    [ "$code" -ne 4 ] || nap "$retry_max"
    naps=0
    while [ -f "$proof" ] && [ ! -e "$identity/wrapped" ]; do
      seconds_left=$(until_due)
      [ "$seconds_left" -gt 0 ] || break
      nap $((seconds_left < 60 ? seconds_left : 60)) # not longer: the clock may be set
      naps=$((naps + 1))
      [ $((naps % 10)) -ne 0 ] || say_again
    done
  done
}

help() { sed -n '2,/^set -eu/s/^# \{0,1\}//p' "$0"; }
usage() {
  help >&2
  exit 2
}

case ${1:-} in
enroll | once | renew | watch | due | prove | used | check)
  command=$1
  shift
  [ "$command" != due ] || failed=2
  check_tools
  principals=$(filled "$(names "${SSH_TRUST_PRINCIPALS:-}")")
  own_role=$login/role/$(filled "${SSH_TRUST_ROLE:-}")
  entry=$(filled "${SSH_TRUST_ENTRY:-}")
  "$command" "$@"
  ;;
-h | --help | help) help ;;
*) usage ;;
esac
