#!/bin/bash
# Janus, which carries the interviewers' voices: a process of its own (GPL) that only this machine's server speaks with.
# scripts/janus.sh DIRECTORY HTTP_PORT SECRET FIRST_RTP_PORT [PUBLIC_ADDRESS]: writes its settings into DIRECTORY and becomes it.
set -euo pipefail
directory=$1 port=$2 secret=$3 first=$4 public=${5:-}

command -v janus >/dev/null 2>&1 || {
    echo "janus is missing: apt-get install --no-install-recommends janus" >&2
    exit 1
}
library=$(dirname "$(dirname "$(find /usr/lib -path '*janus/plugins/libjanus_audiobridge.so' | head -n 1)")")
umask 077
mkdir -p "$directory"

# Of the plugins the rooms alone, of the transports HTTP on loopback alone.
others() { # KIND KEPT
    find "$library/$1" -name '*.so' ! -name "$2" -printf '%f\n' | sort | paste -s -d , -
}

cat >"$directory/janus.jcfg" <<EOF
general: {
  configs_folder = "$directory"
  plugins_folder = "$library/plugins"
  transports_folder = "$library/transports"
  events_folder = "$library/events"
  loggers_folder = "$library/loggers"
  debug_level = 3
  debug_colors = false
  api_secret = "$secret"
}
media: {
  rtp_port_range = "$first-$((first + 999))"
  # Seconds without a packet until we are told: a browser that died says nothing by itself.
  no_media_timer = 2
}
nat: {
  nice_debug = false
  ice_keepalive_conncheck = true
$([ -z "$public" ] || printf '  nat_1_1_mapping = "%s"\n  keep_private_host = true\n' "$public")
}
plugins: { disable = "$(others plugins libjanus_audiobridge.so)" }
transports: { disable = "$(others transports libjanus_http.so)" }
EOF
cat >"$directory/janus.transport.http.jcfg" <<EOF
general: { json = "compact", base_path = "/janus", http = true, port = $port, ip = "127.0.0.1", https = false }
admin: { admin_http = false }
EOF
cat >"$directory/janus.plugin.audiobridge.jcfg" <<EOF
general: { admin_key = "$secret", rtp_port_range = "$((first + 1000))-$((first + 1999))", local_ip = "127.0.0.1" }
EOF
exec janus -F "$directory"
