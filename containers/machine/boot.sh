#!/bin/sh
# What is between Docker and systemd: it makes of the container what systemd expects of one, and becomes systemd.
set -eu

# A unit's own mounts are seen outside it, such as those of LoadCredential=.
mount --make-rshared /

# The machine's control groups, which Docker mounts read-only: of version 2, or of version 1 with systemd's own hierarchy.
for groups in /sys/fs/cgroup /sys/fs/cgroup/systemd /sys/fs/cgroup/unified; do
  if mountpoint -q "$groups"; then mount -o remount,bind,rw "$groups"; fi
done

# A boot id of its own for each boot: the kernel's stays the same, and the journal could not tell one boot from another.
id=/dev/boot-id
cat /proc/sys/kernel/random/uuid >"$id"
mount --bind "$id" /proc/sys/kernel/random/boot_id
mount -o remount,bind,ro /proc/sys/kernel/random/boot_id
rm "$id"

# Chosen when the machine is made, before its first boot.
if [ -e /etc/ssh/socket-activation ]; then
  systemctl --root=/ --quiet disable ssh.service
  systemctl --root=/ --quiet enable ssh.socket
  rm /etc/ssh/socket-activation
fi

exec env container=docker TERM=dumb /sbin/init
