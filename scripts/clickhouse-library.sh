#!/usr/bin/env bash
# Fetches ClickHouse's library for the tests, once, into the user's cache, as its lock file names it. The last line printed is its path.
set -euo pipefail

sources=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../tests/servers/ClickHouseFront" && pwd)
if [ "$(uname -sm)" != "Linux x86_64" ]; then
    echo "there is no such library for $(uname -sm)" >&2
    exit 1
fi
cache=${XDG_CACHE_HOME:-$HOME/.cache}/relais/clickhouse
wanted=$cache/$(sha256sum "$sources/package-lock.json" | cut -c1-16)
library=$wanted/node_modules/@chdb/lib-linux-x64-gnu/libchdb.so

mkdir -p "$cache"
exec 7>"$cache/lock"
flock 7
if [ ! -f "$wanted/whole" ]; then
    # Half a gigabyte: what an earlier lock file named goes first.
    rm -rf "${cache:?}"/*/
    mkdir -p "$wanted"
    cp "$sources/package.json" "$sources/package-lock.json" "$sources/.npmrc" "$wanted/"
    (cd "$wanted" && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error) >&2
    [ -f "$library" ]
    : >"$wanted/whole"
fi
printf '%s\n' "$library"
