#!/bin/sh
# Starts Vault or OpenBao, whichever the image holds, in development mode. The token comes as a file.
set -eu

server=$(command -v vault || command -v bao)
VAULT_DEV_ROOT_TOKEN_ID=$(cat /ssh-trust/root-token)
BAO_DEV_ROOT_TOKEN_ID=$VAULT_DEV_ROOT_TOKEN_ID
export VAULT_DEV_ROOT_TOKEN_ID BAO_DEV_ROOT_TOKEN_ID

# The development server prints its unseal key and its token when it starts; a log is no place for them.
exec "$server" server -dev -dev-no-store-token -dev-listen-address=0.0.0.0:8200 >/dev/null
