#!/bin/sh
# What Eve shows to whoever comes: one of these, as EVE_PRESENTS says.
#   own-key             a host key of hers; she passes on what she can, reads it and adds to it
#   own-ca              a certificate for the right name, by an authority of hers
#   stolen-certificate  the real host's certificate, which anyone can see, without its key
#   other-host          a certificate by the real authority, for a machine of hers, with its key
# EVE_TARGET is the machine's address, EVE_NETWORK the cloud's subnet, EVE_NAME the name that clients type.
set -eu

# She has no business outside the lab's cloud.
network=$(printf '%s\n' "${EVE_NETWORK:-}" | sed -n 's/^\(10\.203\.113\|10\.204\.[0-9]*\)\.0\/24$/\1/p')
machine="$(printf '%s\n' "$network" | sed 's/\./\\./g')\\.(2[0-9]|[3-9][0-9]|1[0-9][0-9])"
if [ -z "$network" ] || ! printf '%s\n' "$EVE_TARGET" | grep -Eqx "$machine"; then
  echo "eve: $EVE_TARGET is not an address of the lab's machines" >&2
  exit 1
fi

case $EVE_PRESENTS in
own-ca) shown="a certificate for $EVE_NAME, by an authority of mine" ;;
stolen-certificate) shown="the certificate of $EVE_TARGET, without its key" ;;
other-host) shown="the certificate and key of a machine of mine" ;;
*) shown= ;;
esac
[ -z "$shown" ] || echo "eve: I show $shown; what follows is sshd's own log of who came"

dir=/opt/eve
cd "$dir"
umask 077

serve() { # serve OPTION…: OpenSSH's own sshd, with the host key and certificate that the options name; it lets nobody in
  exec /usr/sbin/sshd -D -e -f /dev/null -o LogLevel=VERBOSE -o PermitRootLogin=no -o AuthenticationMethods=publickey \
    -o AuthorizedKeysFile=none "$@"
}

case $EVE_PRESENTS in
own-key) exec node middle.js ;;
own-ca)
  rm -f ca* key*
  ssh-keygen -q -t ed25519 -N '' -C "an authority of Eve's" -f ca
  ssh-keygen -q -t ed25519 -N '' -C eve -f key
  ssh-keygen -q -s ca -h -I "$EVE_NAME" -n "$EVE_NAME" -V -5m:+1h key.pub
  serve -o HostKey="$dir/key" -o HostCertificate="$dir/key-cert.pub"
  ;;
stolen-certificate)
  # sshd holds no key: it asks an agent to sign, and the agent is Eve's. It signs with a key of hers.
  ssh-keyscan -t ed25519 "$EVE_TARGET" 2>/dev/null | cut -d ' ' -f 2,3 >stolen.pub
  ssh-keyscan -c -t ed25519 "$EVE_TARGET" 2>/dev/null | grep -o 'ssh-ed25519-cert-[^ ]* [^ ]*' >stolen-cert.pub
  if [ ! -s stolen.pub ] || [ ! -s stolen-cert.pub ]; then
    echo "eve: the machine shows no Ed25519 certificate" >&2
    exit 1
  fi
  node agent.js &
  until [ -S agent.sock ]; do sleep 0.05; done
  serve -o HostKeyAgent="$dir/agent.sock" -o HostKey="$dir/stolen.pub" -o HostCertificate="$dir/stolen-cert.pub"
  ;;
other-host) serve -o HostKey="$dir/other/key" -o HostCertificate="$dir/other/key-cert.pub" ;;
*)
  echo "eve: nothing to present" >&2
  exit 1
  ;;
esac
