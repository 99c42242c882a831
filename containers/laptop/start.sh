#!/bin/sh
# Alice's key pair, made once; then the laptop waits for her.
set -eu

umask 077
mkdir -p "$HOME/.ssh"
[ -f "$HOME/.ssh/id_ed25519" ] || ssh-keygen -q -t ed25519 -N '' -C alice@laptop -f "$HOME/.ssh/id_ed25519"
echo "the laptop is ready"
exec sleep infinity
