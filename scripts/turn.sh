#!/bin/bash
# coturn, the relay for homes and offices whose network lets no voice through: a process of its own that relays to the voice server's address and nowhere else.
# scripts/turn.sh DIRECTORY ADDRESS PORT SECRET VOICE_ADDRESS[,ANOTHER] FIRST_RELAY_PORT [PUBLIC_ADDRESS]: writes its settings into DIRECTORY and becomes it.
set -euo pipefail
directory=$1 address=$2 port=$3 secret=$4 voice=$5 first=$6 public=${7:-}

command -v turnserver >/dev/null 2>&1 || {
    echo "turnserver is missing: apt-get install --no-install-recommends coturn" >&2
    exit 1
}
umask 077
mkdir -p "$directory"

# Credentials end by themselves (use-auth-secret); no other address can be reached through it, of this network or another.
cat >"$directory/turnserver.conf" <<EOF
listening-ip=$address
relay-ip=$address
listening-port=$port
$([ -z "$public" ] || echo "external-ip=$public/$address")
min-port=$first
max-port=$((first + 999))
realm=relais
use-auth-secret
static-auth-secret=$secret
fingerprint
stale-nonce=600
user-quota=8
total-quota=900
no-cli
no-tls
no-dtls
no-multicast-peers
denied-peer-ip=0.0.0.0-255.255.255.255
denied-peer-ip=::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff
$(printf 'allowed-peer-ip=%s\n' ${voice//,/ })
pidfile=$directory/turnserver.pid
userdb=$directory/turndb
log-file=stdout
simple-log
EOF
exec turnserver -c "$directory/turnserver.conf"
