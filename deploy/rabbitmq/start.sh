#!/bin/sh
# A broker that loads definitions at its start creates no user by itself. The queues come from definitions.json, which holds
# no secret; the user is written beside it from BUS_USER and BUS_PASSWORD, hashed the way the broker keeps passwords.
set -eu
folder=${DEFINITIONS_FOLDER:-/etc/rabbitmq/definitions.d}
case ${BUS_USER:?} in
  *[!A-Za-z0-9_-]*) echo "BUS_USER: only letters, digits, _ and -" >&2; exit 1 ;;
esac
: "${BUS_PASSWORD:?}"
hash=$(erl -noinput -boot start_clean -eval '
  Salt = crypto:strong_rand_bytes(4),
  Password = unicode:characters_to_binary(os:getenv("BUS_PASSWORD")),
  io:format("~s", [base64:encode(<<Salt/binary, (crypto:hash(sha256, <<Salt/binary, Password/binary>>))/binary>>)]),
  halt().')
mkdir -p "$folder"
cat >"$folder/00-user.json" <<JSON
{
  "vhosts": [{ "name": "/" }],
  "users": [{ "name": "$BUS_USER", "password_hash": "$hash", "hashing_algorithm": "rabbit_password_hashing_sha256", "tags": ["administrator"] }],
  "permissions": [{ "user": "$BUS_USER", "vhost": "/", "configure": ".*", "write": ".*", "read": ".*" }]
}
JSON
exec "$@"
