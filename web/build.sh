#!/bin/sh
# Builds the pages' scripts and styles into DATA/web/dist (DATA: first argument, or var/ beside this folder).
# Nothing is written beside the sources; nothing is done when they have not changed.
set -eu

sources=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
work=${1:-$sources/../var}/web
mkdir -p "$work"
work=$(CDPATH='' cd -- "$work" && pwd)

stamp() {
    # Names are part of the content: a renamed entry is another address.
    (cd "$sources" && find . -type f "$@" -print | LC_ALL=C sort | xargs sha256sum | sha256sum)
}

wanted=$(stamp ! -path './node_modules/*')
if [ "$(cat "$work/built" 2>/dev/null)" = "$wanted" ] && [ -f "$work/dist/manifest.json" ]; then
    exit 0
fi

command -v npm >/dev/null || { echo "web/build.sh: npm is missing (Debian package: npm)" >&2; exit 1; }

# One build at a time in this folder; a second one waits, then finds nothing to do.
exec 9>"$work/lock"
if command -v flock >/dev/null; then
    flock 9
    [ "$(cat "$work/built" 2>/dev/null)" = "$wanted" ] && [ -f "$work/dist/manifest.json" ] && exit 0
fi

rm -f "$work/built"
for old in src build; do rm -rf "${work:?}/$old"; done
(cd "$sources" && cp -R .npmrc package.json package-lock.json tsconfig.json vite.config.ts src build "$work/")
cd "$work"

packages=$(sha256sum package-lock.json package.json)
if [ "$(cat node_modules/.installed 2>/dev/null)" != "$packages" ]; then
    npm ci --no-audit --no-fund --ignore-scripts --loglevel=error
    printf '%s' "$packages" > node_modules/.installed
fi

npx --no-install tsc --noEmit
npx --no-install vite build --logLevel warn
printf '%s' "$wanted" > built
