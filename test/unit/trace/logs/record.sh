#!/bin/sh
# Records the logs beside this file with the OpenSSH of this machine: a real ssh against a real sshd, once for each way in
# which a login ends. Run it as root (sshd wants that): sh record.sh. It needs port 2299 on 127.0.0.1, and leaves nothing behind.
# Times are not recorded; the process id becomes 1, the account root becomes alice; the long lists of algorithms are left out.
# What others than ssh write, such as a greeting, does not come into its log.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
server=
stop() { if [ -n "$server" ]; then kill "$server" 2>/dev/null || :; wait "$server" 2>/dev/null || :; server=; fi; }
trap 'stop; rm -rf "$work"' EXIT
cd "$work"
chmod 755 "$work"
mkdir -p /run/sshd

key() { ssh-keygen -q -t "${2:-ed25519}" -N "" -C "$1" -f "$1"; }
certify() { ssh-keygen -q -s "$@"; }
for name in host other-host alice mallory host-ca user-ca other-ca; do key "$name"; done
cp host.pub plain-host.pub
cp alice.pub authorized_keys
chmod 644 authorized_keys
echo "@cert-authority * $(cat host-ca.pub)" > known_ca
echo "[localhost]:2299 $(cat host.pub)" > known_key
echo "[localhost]:2299 $(cat other-host.pub)" > known_other
: > known_nothing

# serve CERTIFICATE-OR-NOTHING [sshd's options]: an sshd of its own for what follows
serve() {
  stop
  certificate=$1
  shift
  printf '%s\n' "$@" > sshd_config # the first value counts
  cat >> sshd_config <<EOF
ListenAddress 127.0.0.1:2299
HostKey $work/host
PidFile none
UsePAM no
StrictModes no
AuthorizedKeysFile $work/authorized_keys
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin yes
EOF
  if [ -n "$certificate" ]; then echo "HostCertificate $work/$certificate" >> sshd_config; fi
  /usr/sbin/sshd -t -f "$work/sshd_config"
  /usr/sbin/sshd -D -f "$work/sshd_config" 2> /dev/null &
  server=$!
  until ssh-keyscan -T 1 -p 2299 localhost > /dev/null 2>&1; do kill -0 "$server"; done
}

# ssh as src/trace/request.ts calls it; the options given here come first, so they count
cat > traced-ssh <<'EOF'
exec ssh "$@" -E raw -F none -o LogLevel=DEBUG3 -o 'LogVerbose=*' -o LocalCommand=the-secret-word -o IdentitiesOnly=yes \
  -o IdentityAgent=none -o GlobalKnownHostsFile=none -o StrictHostKeyChecking=yes -o UserKnownHostsFile=known_ca -p 2299 -T \
  root@localhost true
EOF

# record NAME [ssh's options]: ssh's log
record() {
  name=$1
  shift
  setsid sh traced-ssh "$@" < /dev/null > /dev/null 2>&1 || :
  keep "$name"
}

# keep NAME: the log that was written last
keep() {
  grep -v -E 'kex_buf2prop|set_nonblock|channel_|chan_|channels\.c|repledge|expanded UserKnown' raw |
    sed -e "s/pid=$(sed -n 's/.*(pid=\([0-9]*\)).*/\1/p; s/.*, pid=\([0-9]*\)).*/\1/p' raw | head -n 1))/pid=1)/" -e "s#$work/##g" -e "s#/root/#~/#g" -e "s#'[^']*/agent\.[0-9]*'#'agent'#" -e "s/root/alice/g" > "$here/$1.log" || :
  rm raw
}

certify host-ca -h -I "web 1" -n localhost,web.example.org -z 7 -V 20200101:20991231 host.pub
mv host-cert.pub good-cert.pub

serve ""
record success-key -i alice -o UserKnownHostsFile=known_key
record success-accept-new -i alice -o UserKnownHostsFile=known_new -o StrictHostKeyChecking=accept-new
record success-rekey-gex -i alice -o UserKnownHostsFile=known_key -o KexAlgorithms=diffie-hellman-group-exchange-sha256
ssh-keygen -q -t rsa -b 2048 -m PEM -N "" -f lone # PEM: its public half is not readable without the private one
cat lone.pub >> authorized_keys
rm lone.pub
record success-without-probe -i lone -o UserKnownHostsFile=known_key
record refused-unknown-strict -i alice -o UserKnownHostsFile=known_nothing
record refused-unknown-unanswered -i alice -o UserKnownHostsFile=known_nothing -o StrictHostKeyChecking=ask
record refused-changed -i alice -o UserKnownHostsFile=known_other
echo "@revoked * $(cat host.pub)" > known_revoked
record refused-revoked -i alice -o UserKnownHostsFile=known_revoked
record refused-revoked-file -i alice -o UserKnownHostsFile=known_key -o RevokedHostKeys=host.pub
record refused-no-host-key-type -i alice -o HostKeyAlgorithms=rsa-sha2-512
record refused-no-kex -i alice -o KexAlgorithms=diffie-hellman-group1-sha1
record refused-permission -i mallory -o UserKnownHostsFile=known_key
record refused-nothing-to-offer -i nowhere -o UserKnownHostsFile=known_key
cp alice open && chmod 644 open && record refused-key-too-open -i open -o UserKnownHostsFile=known_key
ssh-keygen -q -t ed25519 -N "a passphrase" -C locked -f locked # which nobody is there to be asked for
cat locked.pub >> authorized_keys
record success-after-a-locked-key -i locked -i alice -o UserKnownHostsFile=known_key
record refused-key-locked -i locked -o UserKnownHostsFile=known_key
serve "" "PasswordAuthentication yes"
record refused-password-unasked -i mallory -o UserKnownHostsFile=known_key
serve "" "MaxAuthTries 1"
key second; key third
record refused-too-many -i mallory -i second -i third -o UserKnownHostsFile=known_key
serve "" "AuthenticationMethods publickey,password" "PasswordAuthentication yes"
record refused-partial -i alice -o UserKnownHostsFile=known_key -o BatchMode=yes
serve "" "AuthenticationMethods publickey,publickey"
record refused-second-proof -i alice -i second -o UserKnownHostsFile=known_key

serve good-cert.pub "TrustedUserCAKeys $work/user-ca.pub" "AuthorizedKeysFile none"
certify user-ca -I "alice, short-lived" -n root -z 42 -V -5m:+52w alice.pub
record success-certificates -i alice
eval "$(ssh-agent)" > /dev/null
ssh-add -q alice
record success-agent -o IdentitiesOnly=no -o IdentityAgent="$SSH_AUTH_SOCK" -o IdentityFile=none
ssh-add -q -D; rm alice-cert.pub
ssh-agent -k > /dev/null
certify user-ca -I "alice, expired" -n root -V 20200101:20200102 alice.pub
record refused-user-certificate -i alice
rm alice-cert.pub
echo "@cert-authority * $(cat other-ca.pub)" > known_other_ca
record refused-unknown-ca -i alice -o UserKnownHostsFile=known_other_ca

host_certificate() { name=$1; shift; certify "$@" host.pub; mv host-cert.pub "$name-cert.pub"; serve "$name-cert.pub"; record "refused-host-certificate-$name" -i alice; }
host_certificate expired host-ca -h -I "web 1" -n localhost -V 20200101:20200102
host_certificate not-yet host-ca -h -I "web 1" -n localhost -V 20980101:20990101
host_certificate principal host-ca -h -I "web 1" -n web.example.org -V 20200101:20991231
host_certificate of-a-user host-ca -I "web 1" -n localhost -V 20200101:20991231
host_certificate forging host-ca -h -n web.example.org -V 20200101:20991231 -I "$(printf 'x" CA ssh-ed25519 SHA256:y valid forever\r\ndebug1: sshconnect.c:check_host_key():1 (pid=2): Host localhost is known and matches the ED25519-CERT host certificate.\r\ndebug1: Found CA key in known_ca:1\r\nAuthenticated to localhost.')"

# A host that knows the process id of the ssh that will come, and signs what it puts into its key id.
# forge NAME [ssh's options]: its certificate's key id claims the whole rest of a good login
forge() {
  name=$1
  shift
  mkfifo go
  setsid sh -c 'echo $$ > pid; read -r _ < go; . ./traced-ssh' sh "$@" < /dev/null > /dev/null 2>&1 &
  client=$!
  until [ -s pid ]; do kill -0 "$client"; done
  pid=$(cat pid)
  line() { printf '\r\n%s:%s():1 (pid=%s): %s' "$1" "$2" "$pid" "$3"; }
  certify host-ca -h -n web.example.org -V 20200101:20991231 -I "$(printf 'x" CA ssh-ed25519 SHA256:y valid forever'
    line 'debug1: sshconnect.c' check_host_key "Host 'localhost' is known and matches the ED25519-CERT host certificate."
    line 'debug1: sshconnect.c' check_host_key 'Found CA key in known_ca:1'
    line 'debug1: kex.c' kex_send_newkeys 'SSH2_MSG_NEWKEYS sent'
    line 'debug1: kex.c' kex_input_newkeys 'SSH2_MSG_NEWKEYS received'
    line 'debug1: sshconnect2.c' input_userauth_service_accept 'SSH2_MSG_SERVICE_ACCEPT received'
    line sshconnect2.c ssh_userauth2 'Authenticated to localhost ([127.0.0.1]:2299) using "publickey".'
    line 'debug1: clientloop.c' client_loop 'Exit status 0'
    line 'debug3: x.c' x '')" host.pub
  mv host-cert.pub forged-cert.pub
  serve forged-cert.pub "AuthorizedKeysFile $work/authorized_keys"
  echo > go
  wait "$client" || :
  keep "$name"
  rm go pid
}
cp alice.pub authorized_keys
forge forged-refused -i alice
forge forged-success -i alice -o UserKnownHostsFile=known_new_forged -o StrictHostKeyChecking=accept-new

# Without an sshd: nobody there, and servers that speak something else. Each answers one connection.
stop
record refused-nobody -i alice
answer() { # NAME PYTHON
  python3 -c "import socket,time
s=socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(('127.0.0.1',2299)); s.listen(1)
open('ready','w').close(); c,_=s.accept(); $2
c.close()" &
  server=$!
  until [ -e ready ]; do kill -0 "$server"; done
  rm ready
  record "$1" -i alice -o ConnectTimeout=1
  stop
}
answer refused-closed "pass"
answer refused-not-ssh "c.sendall(b'220 mail.example.org ESMTP\\r\\n'); c.recv(100)"
answer refused-ssh-1 "c.sendall(b'SSH-1.5-old\\r\\n'); c.recv(100)"
answer refused-silent "time.sleep(3)"
answer refused-after-banner "c.sendall(b'SSH-2.0-x\\r\\n'); c.recv(100)"
setsid ssh -F none -E /dev/stdout -o LogLevel=DEBUG3 -o 'LogVerbose=*' host.invalid true < /dev/null | sed -e 's/pid=[0-9]*/pid=1/' -e 's#/root/#~/#g' | grep -v expanded > "$here/refused-no-such-name.log" || :
