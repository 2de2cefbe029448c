#!/usr/bin/env bash
# shellcheck disable=SC2016 # what is in single quotes is for the shell inside the desktop
# Proves the engine and the desktop image on this machine, end to end, in a directory of its own, and prints what it measured.
#   try-engine.sh [DIR]: DIR is removed at the end
set -euo pipefail

here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
bundle=$here/../bundles/bureau-standard
dir=${1:-$(mktemp -d /tmp/relais-try.XXXX)}
if [ -e "$dir/engine.json" ]; then echo "$dir is in use: give an empty one" >&2 && exit 1; fi
engine_json=$dir/engine.json
# shellcheck source=scripts/engine-api.sh
. "$here/engine-api.sh"

passed=0 failed=0
ok() { passed=$((passed + 1)) && printf '  ok    %s\n' "$*"; }
bad() { failed=$((failed + 1)) && printf '  FAIL  %s\n' "$*"; }
expect() { # WORDS COMMAND...: the command must succeed
    local words=$1
    shift
    if "$@"; then ok "$words"; else bad "$words"; fi
}
refuse() { # WORDS COMMAND...: the command must fail
    local words=$1
    shift
    if "$@"; then bad "$words"; else ok "$words"; fi
}
now() { date +%s%N; }
since() { awk -v from="$1" -v to="$(now)" 'BEGIN {printf "%.2f", (to - from) / 1e9}'; }
inside() { # NAME SHELL-COMMAND
    LXD_DIR=$dir timeout 20 lxc exec "$1" -- bash -c "$2" </dev/null
}
reaches() { inside "$1" "timeout 2 bash -c '</dev/tcp/$2/$3' 2>/dev/null"; } # NAME ADDRESS PORT

display=:$((100 + RANDOM % 800))
xvfb='' listener=''
finish() {
    for pid in $xvfb $listener; do kill "$pid" 2>/dev/null || true; done
    bash "$here/engine.sh" stop "$dir" && rm -rf --one-file-system "$dir"
}
trap finish EXIT

colours() { # how many colours the picture of the client has
    DISPLAY=$display import -window root -crop 640x400+0+0 +repage miff:- | convert - -unique-colors -format %w info:-
}
connect() { # ADDRESS PASSWORD: the client's process id
    DISPLAY=$display timeout 60 xfreerdp "/v:$1" /u:bureau "/p:$2" /sec:tls /cert:ignore /size:1280x800 /bpp:32 /rfx \
        /auto-reconnect-max-retries:0 >"$dir/client.log" 2>&1 &
    client=$!
}
leave() {
    kill "$client" 2>/dev/null || true
    wait "$client" 2>/dev/null || true
}
first_picture() { # ADDRESS PASSWORD SECONDS: connects until a desktop is to be seen; fails when none is
    local until=$(($(now) + $3 * 1000000000))
    while [ "$(now)" -lt "$until" ]; do
        if ! timeout 1 bash -c "</dev/tcp/$1/3389" 2>/dev/null; then sleep 0.02 && continue; fi
        connect "$1" "$2"
        while [ "$(now)" -lt "$until" ] && kill -0 "$client" 2>/dev/null; do
            if [ "$(colours)" -gt 100 ]; then return 0; fi
        done
        leave
    done
    return 1
}

echo "image"
began=$(now)
image=$(bash "$here/../bundles/build-image.sh" "$bundle" | tee /dev/stderr | tail -n 1)
printf '        %s s, %s\n' "$(since "$began")" "$(du -h "$image/rootfs.squashfs" | cut -f1)"

echo "engine"
began=$(now)
bash "$here/engine.sh" start "$dir" >/dev/null
printf '        ready after %s s\n' "$(since "$began")"
Xvfb "$display" -screen 0 1280x800x24 -nolisten tcp >/dev/null 2>&1 &
xvfb=$!
setup_engine bureau-standard
began=$(now)
fingerprint=$(import_image "$image")
printf '        image imported in %s s\n' "$(since "$began")"
host=$(host_address) a=$(desktop_address 0) b=$(desktop_address 1)

echo "desktops"
for desktop in a:0 b:1; do
    began=$(now)
    create_desktop "${desktop%:*}" "${desktop#*:}" "$fingerprint"
    describe_desktop "${desktop%:*}" "${desktop#*:}" "secret-of-${desktop%:*}-1234567890"
    printf '        %s created in %s s\n' "${desktop%:*}" "$(since "$began")"
done
began=$(now)
act a start
started=$(since "$began")
expect "the first start shows a desktop" first_picture "$a" secret-of-a-1234567890 30
printf '        first start: call %s s, picture after %s s\n' "$started" "$(since "$began")"
leave
act b start
for round in 1 2 3; do
    act a stop true
    began=$(now)
    act a start
    started=$(since "$began")
    first_picture "$a" secret-of-a-1234567890 30 || bad "start $round shows a desktop"
    printf '        start %s: call %s s, picture after %s s\n' "$round" "$started" "$(since "$began")"
    leave
done
sleep 2
began=$(now)
expect "a second connection finds the desktop" first_picture "$a" secret-of-a-1234567890 20
printf '        reconnect: picture after %s s\n' "$(since "$began")"
if [ -n "${RELAIS_TRY_PICTURE:-}" ]; then DISPLAY=$display import -window root "$RELAIS_TRY_PICTURE"; fi
leave
sleep 0.5
refuse "a wrong password shows no desktop" first_picture "$a" secret-of-b-1234567890 6
leave
expect "the password is not kept" inside a '! grep -q PASSWORD /etc/relais/desktop.conf'
refuse "each desktop has its own key" cmp -s <(inside a 'cat /etc/xrdp/cert.pem') <(inside b 'cat /etc/xrdp/cert.pem')

echo "isolation"
ip addr add 203.0.113.7/32 dev "$(engine_get bridge)"
perl -MIO::Socket::INET -MIO::Select -e '
    my $s = IO::Select->new(map { my ($a, $p) = split /:/; IO::Socket::INET->new(LocalAddr => $a, LocalPort => $p, Listen => 9, ReuseAddr => 1) or die "$_: $!" } @ARGV);
    while (1) { for my $l ($s->can_read) { my $c = $l->accept; close $c if $c } }' "$host:5432" "$host:8443" 203.0.113.7:80 203.0.113.7:443 203.0.113.7:25 &
listener=$!
sleep 0.3
expect "the host reaches a desktop's RDP end" timeout 2 bash -c "</dev/tcp/$b/3389"
refuse "a desktop does not reach another's RDP end" reaches a "$b" 3389
refuse "a desktop does not reach PostgreSQL on the host" reaches a "$host" 5432
refuse "a desktop does not reach Relais on the bridge" reaches a "$host" 8443
expect "a desktop asks the host for names" reaches a "$host" 53
expect "a desktop reaches the web (80)" reaches a 203.0.113.7 80
expect "a desktop reaches the web (443)" reaches a 203.0.113.7 443
refuse "a desktop does not reach other ports" reaches a 203.0.113.7 25
refuse "a desktop does not reach another with a borrowed address" inside a "ip addr add ${a%.*}.250/22 dev eth0; ip route replace $host src ${a%.*}.250 dev eth0; timeout 2 bash -c '</dev/tcp/$host/53' 2>/dev/null"
inside a "ip route del $host; ip addr del ${a%.*}.250/22 dev eth0" || true
refuse "no way to the engine from inside" inside a 'test -e /dev/lxd/sock'
refuse "the person is not root" inside a 'setpriv --reuid 1000 --regid 1000 --clear-groups test -r /etc/shadow'
ip addr del 203.0.113.7/32 dev "$(engine_get bridge)"

echo "limits"
printf '        memory %s MiB of %s, %s processes of %s\n' "$(($(api GET /1.0/instances/a/state | jq .memory.usage) / 1048576))" 1500 \
    "$(api GET /1.0/instances/a/state | jq .processes)" 600
refuse "no more processes than allowed" inside a 'for i in $(seq 1 700); do sleep 9 & done 2>/dev/null; [ "$(pgrep -c -x sleep)" -gt 620 ]'
sleep 9.5

echo "frozen"
act a freeze
began=$(now)
act a unfreeze
resumed=$(since "$began")
expect "a resumed desktop is shown" first_picture "$a" secret-of-a-1234567890 20
printf '        resume %s s, picture after %s s\n' "$resumed" "$(since "$began")"
leave

echo "home"
inside a 'echo "à garder" >/home/bureau/note.txt; chown 1000:1000 /home/bureau/note.txt'
act a stop true
began=$(now)
api DELETE /1.0/instances/a >/dev/null
printf '        deleted in %s s\n' "$(since "$began")"
create_desktop a 0 "$fingerprint"
describe_desktop a 0 secret-new-1234567890
act a start
expect "a desktop made again is shown" first_picture "$a" secret-new-1234567890 30
leave
expect "its home is still there" inside a 'grep -q garder /home/bureau/note.txt && [ "$(stat -c %U /home/bureau/note.txt)" = bureau ]'
refuse "its size has an end" inside a 'dd if=/dev/zero of=/home/bureau/big bs=1M count=1100 status=none 2>/dev/null && sync'

echo "end"
bridge=$(engine_get bridge)
began=$(now)
bash "$here/engine.sh" stop "$dir"
printf '        stopped in %s s\n' "$(since "$began")"
refuse "no process is left" bash -c "ps -eo args= | grep -F '$dir/' | grep -vE 'grep|try-engine'"
refuse "no bridge is left" test -e "/sys/class/net/$bridge"
refuse "no mount is left" grep -qF " $dir/" /proc/self/mounts
refuse "no loop device is left" bash -c "losetup -n -O BACK-FILE | grep -F '$dir/'"
refuse "no rule is left" bash -c "nft list ruleset | grep -F $bridge"
printf '%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
