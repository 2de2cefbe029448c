#!/usr/bin/env bash
# A private LXD daemon for desktops, its directory under the data directory. Never touches a system-wide LXD.
#   engine.sh start DIR | stop DIR | status DIR | check
set -euo pipefail

verb=${1:-}
dir=${2:-}

. "$(dirname "${BASH_SOURCE[0]}")/engine-lib.sh"

daemon_pid() { cat "$dir/daemon.pid" 2>/dev/null || true; }

daemon_alive() {
    local pid
    pid=$(daemon_pid)
    [ -n "$pid" ] && [ "$(basename "$(readlink "/proc/$pid/exe" 2>/dev/null || true)")" = lxd ] &&
        grep -qz "^LXD_DIR=$(short_dir)\$" "/proc/$pid/environ" 2>/dev/null
}

answers() { curl -fs --unix-socket "$(short_dir)/unix.socket" http://lxd/1.0 >/dev/null 2>&1; }

start() {
    local problems short tries
    problems=$(check) || die "$(printf '%s' "$problems" | grep MISSING | paste -sd';')"
    mkdir -p "$dir"
    short=$(short_dir)
    if [ "$short" != "$dir" ]; then ln -sfn "$dir" "$short"; fi
    raise_limit fs.inotify.max_user_instances 8192
    raise_limit kernel.keys.maxkeys 20000
    raise_limit kernel.keys.maxbytes 2000000

    if ! daemon_alive; then
        rm -f "$short/unix.socket"
        PATH=$PATH:/usr/sbin:/sbin LXD_DIR=$short nohup setsid lxd --logfile "$dir/daemon.log" >"$dir/daemon.out" 2>&1 </dev/null &
        echo $! >"$dir/daemon.pid"
    fi
    for tries in $(seq 1 300); do
        if answers; then break; fi
        # By number: for a moment it is not yet the program that it becomes.
        kill -0 "$(daemon_pid)" 2>/dev/null || die "the desktops engine stopped at once: $(grep -E 'level=error|Error' "$dir/daemon.out" | tail -n 1)"
        sleep 0.1
    done
    answers || die "the desktops engine did not answer within 30 s (see $dir/daemon.out); tries: $tries"

    if [ ! -s "$dir/engine.json" ]; then
        printf '{"socket":"%s/unix.socket","bridge":"%s","subnet":"%s","pool":"relais"}\n' "$short" "$(bridge_name)" "$(free_subnet)" >"$dir/engine.json.new"
        mv "$dir/engine.json.new" "$dir/engine.json"
    fi
    cat "$dir/engine.json"
}

stop() {
    local short bridge pid tries
    short=$(short_dir)
    bridge=$(bridge_name)
    if daemon_alive && answers; then
        # Ends the desktops too.
        LXD_DIR=$short timeout 60 lxd shutdown --timeout 20 >/dev/null 2>&1 || true
    fi
    pid=$(daemon_pid)
    if daemon_alive; then kill "$pid" 2>/dev/null || true; fi
    for tries in $(seq 1 50); do
        daemon_alive || break
        if [ "$tries" = 40 ]; then kill -9 "$pid" 2>/dev/null || true; fi
        sleep 0.1
    done
    stop_strays "$short" "$bridge"
    unmount_all
    if [ -e "/sys/class/net/$bridge" ]; then ip link del "$bridge" || true; fi
    remove_rules "$bridge"
    if [ "$short" != "$dir" ]; then rm -f "$short"; fi
    rm -f "$dir/daemon.pid"
}

case "$verb" in
check) check ;;
start | stop | status)
    [ -n "$dir" ] || die "usage: engine.sh start|stop|status DIR"
    mkdir -p "$dir"
    dir=$(cd "$dir" && pwd -P)
    case "$verb" in
    start) start ;;
    stop) stop ;;
    status) if answers; then cat "$dir/engine.json"; else die "the desktops engine does not run"; fi ;;
    esac
    ;;
*) die "usage: engine.sh start DIR | stop DIR | status DIR | check" ;;
esac
