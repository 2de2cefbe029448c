#!/usr/bin/env bash
# Fetches the tests' OpenID Connect issuer (npm's oidc-provider), once, into the user's cache, as its lock file names it. The last line printed is its folder.
set -euo pipefail

sources=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../tests/servers/OpenIdProvider" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/relais/openid
wanted=$cache/$(sha256sum "$sources/package-lock.json" | cut -c1-16)

mkdir -p "$cache"
exec 7>"$cache/lock"
flock 7
if [ ! -f "$wanted/whole" ]; then
    mkdir -p "$wanted"
    cp "$sources/package.json" "$sources/package-lock.json" "$sources/.npmrc" "$wanted/"
    (cd "$wanted" && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error) >&2
    : >"$wanted/whole"
fi
printf '%s\n' "$wanted"
