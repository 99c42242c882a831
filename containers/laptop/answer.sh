#!/bin/sh
# What ssh calls when it wants to ask (ssh(1), SSH_ASKPASS): shows the question, gives the answer that was prepared for it.
# SSH_TRUST_ANSWERS holds a part of a question and its answer, a line each. A question that is not among them is refused.
set -eu

printf '%s' "$1" >&2
while IFS= read -r question && IFS= read -r answer; do
  case $1 in
  *"$question"*)
    printf '%s\n' "$answer" >&2
    printf '%s\n' "$answer"
    exit 0
    ;;
  esac
done <<END
${SSH_TRUST_ANSWERS:-}
END
echo >&2
exit 1
