#!/bin/sh
# Starts MinIO with TLS only. Its certificate is its own authority: clients that must trust it get public.crt. A copy is kept beside
# the credentials, as the lab reads them together.
set -eu

certs=/srv/certs
mkdir -p "$certs" /srv/data
umask 077
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 \
  -subj "/CN=objects.lab.test" -addext "subjectAltName=DNS:objects.lab.test,DNS:localhost,IP:127.0.0.1" \
  -keyout "$certs/private.key" -out "$certs/public.crt" 2>/dev/null
chmod 0644 "$certs/public.crt"
cp "$certs/public.crt" /run/secrets/object-store.crt

MINIO_ROOT_USER_FILE=/run/secrets/object-store-user
MINIO_ROOT_PASSWORD_FILE=/run/secrets/object-store-password
MINIO_BROWSER=off
MINIO_UPDATE=off
export MINIO_ROOT_USER_FILE MINIO_ROOT_PASSWORD_FILE MINIO_BROWSER MINIO_UPDATE
exec minio server --quiet --anonymous --certs-dir "$certs" --address :9000 /srv/data
