#!/bin/sh
# What a cloud VM does when it boots. The first boot is the machine's own: it makes the host keys, lets in whom the launch
# named, and tells the console, as cloud-init does. Later boots find all that on the disk.
set -eu

seed=/var/lib/cloud/seed # what the launch handed over
booted=/var/lib/cloud/instance/boot-finished
user=admin-ssh-user

# The ticket is for this one object, and is thrown away. curl reads it from its standard input: no argument shows it.
publish() {
  cat /etc/ssh/ssh_host_*_key.pub | cut -d ' ' -f 1,2 >"$seed/host-keys"
  printf 'url = "%s"\nupload-file = "%s"\n' "$(cat "$seed/publish-url")" "$seed/host-keys" |
    curl -q --config - --silent --show-error --fail --cacert "$seed/object-store.crt" --proto =https \
      --connect-timeout 3 --max-time 10 --retry 3 >&2 || return 1
  rm "$seed/publish-url"
}

first_boot() {
  rm -f /etc/ssh/ssh_host_*
  # Of 2048 bits: made in a quarter of the time that 3072 take.
  ssh-keygen -q -t rsa -b 2048 -N '' -f /etc/ssh/ssh_host_rsa_key
  ssh-keygen -A >/dev/null

  install -d -m 0700 -o "$user" -g "$user" "/home/$user/.ssh"
  install -m 0600 -o "$user" -g "$user" "$seed/public-keys" "/home/$user/.ssh/authorized_keys"

  if [ -f "$seed/password" ]; then
    printf '%s:%s\n' "$user" "$(cat "$seed/password")" | chpasswd
    rm "$seed/password"
    printf 'PasswordAuthentication yes\nAuthenticationMethods any\n' >/etc/ssh/sshd_config.d/50-password.conf
  fi

  [ ! -f "$seed/publish-url" ] || publish || echo "boot: the host keys could not be published" >&2

  echo "-----BEGIN SSH HOST KEY FINGERPRINTS-----"
  for key in /etc/ssh/ssh_host_*_key.pub; do ssh-keygen -l -f "$key"; done
  echo "-----END SSH HOST KEY FINGERPRINTS-----"
}

rm -f /run/sshd.pid
first=no
if [ ! -e "$booted" ]; then
  first=yes
  first_boot
  : >"$booted"
fi

# A host of a fleet. It is enrolled once, before sshd starts, so that nobody sees its plain keys; sshd starts whatever comes of that.
if [ -e /etc/ssh-trust/host.conf ]; then
  code=0
  [ "$first" = no ] || ssh-trust-host enroll || code=$?
  case $code in
  0 | 3) ;; # 3: installed, and no sshd shows it yet
  4) echo "boot: sshd starts with plain host keys: what this machine was to enrol with is worth nothing any more" >&2 ;;
  *) echo "boot: sshd starts with plain host keys; they are signed when Vault answers" >&2 ;;
  esac
  ssh-trust-host watch &
fi

exec /usr/sbin/sshd -D -e
