#!/usr/bin/env bash
# Builds the program into DATA/app, and the browser's scripts into DATA/web/dist, when the sources changed.
set -euo pipefail
root=$1 data=$2
mkdir -p "$data/log"
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 UseSharedCompilation=false

# One build at a time: a second one waits, then finds nothing to do.
exec 9>"$data/build.lock"
flock 9

stamp=$(cd "$root" && find src web bundles/*/bundle.json ./*.props ./*.txt global.json .editorconfig -type f \
    ! -path '*/bin/*' ! -path '*/obj/*' ! -path '*/node_modules/*' -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -c1-32)
if [ -x "$data/app/relais" ] && [ "$(cat "$data/app.stamp" 2>/dev/null)" = "$stamp" ]; then
    exit 0
fi

printf '  %s building the pages\n' "$(date +%H:%M:%S)"
sh "$root/web/build.sh" "$data" >"$data/log/web.log" 2>&1 || {
    tail -n 20 "$data/log/web.log" >&2
    echo "relais: the pages did not build; the whole log is $data/log/web.log" >&2
    exit 1
}

printf '  %s building the program\n' "$(date +%H:%M:%S)"
rm -rf "$data/app.new"
(cd "$root" && ArtifactsPath="$data/build" dotnet publish src/Relais.Host -c Release -o "$data/app.new" -p:ArtifactsPath="$data/build" -v quiet >"$data/log/build.log" 2>&1) || {
    grep -E 'error|warn' "$data/log/build.log" | sort -u | head -n 20 >&2
    echo "relais: the program did not build; the whole log is $data/log/build.log" >&2
    exit 1
}
# The old program may still run: its files stay until they are closed.
rm -rf "$data/app.old"
if [ -d "$data/app" ]; then mv "$data/app" "$data/app.old"; fi
mv "$data/app.new" "$data/app"
rm -rf "$data/app.old"
printf '%s' "$stamp" >"$data/app.stamp"
