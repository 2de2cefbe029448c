# Janus and coturn for the softphones: started and ended with the server. Expects lib.sh, $root, $data and $bind.

# Sets $rooms to the address of Janus's interface; empty, and why in $rooms_missing, where it can't be. Sets $turn to the relay's address, empty for none. All else goes on.
rooms_start() {
    local folder=$data/janus port missing
    rooms='' rooms_missing='' turn=''
    missing=$(missing_packages "$voice_needs")
    if [ -n "$missing" ] && ! install_packages "$missing"; then
        rooms_missing="apt-get install --no-install-recommends $missing"
        step "softphones: not possible here: $rooms_missing"
        return
    fi
    (umask 077 && mkdir -p "$folder")
    [ -s "$folder/port" ] || free_port >"$folder/port"
    [ -s "$folder/secret" ] || (umask 077 && openssl rand -hex 24 >"$folder/secret")
    port=$(cat "$folder/port")
    if ! rooms_alive janus; then
        rooms_run janus "$root/scripts/janus.sh" "$folder/settings" "$port" "$(cat "$folder/secret")" "${RELAIS_VOICE_PORTS:-30000}" "${RELAIS_VOICE_ADDRESS:-}"
        rooms_until "$port"
    fi
    if rooms_alive janus && (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
        rooms=http://127.0.0.1:$port/janus
        step "softphones: voice server ready"
        turn_start
    else
        rooms_missing="Janus did not start: see $data/log/janus.log"
        step "softphones: $rooms_missing"
    fi
}

# A relay is of use to people elsewhere: RELAIS_TURN_PORT asks for one, on the address that they reach.
turn_start() {
    local folder=$data/janus port=${RELAIS_TURN_PORT:-} address public=${RELAIS_VOICE_ADDRESS:-}
    [ -n "$port" ] || return 0
    address=$(hostname -I | cut -d' ' -f1)
    [ -s "$folder/turn-secret" ] || (umask 077 && openssl rand -hex 24 >"$folder/turn-secret")
    if ! rooms_alive turn; then
        rooms_run turn "$root/scripts/turn.sh" "$folder/turn" "$address" "$port" "$(cat "$folder/turn-secret")" "$address${public:+,$public}" "$((${RELAIS_VOICE_PORTS:-30000} + 2000))" "$public"
    fi
    turn=turn:${public:-$address}:$port
    step "softphones: relay at $turn"
}

rooms_run() { # NAME SCRIPT ARGUMENTS...
    local name=$1
    shift
    (
        cd "$data/janus"
        RELAIS_DATA=$data nohup setsid bash "$@" >>"$data/log/$name.log" 2>&1 </dev/null 8>&- 9>&- &
        echo $! >"$data/janus/$name.pid"
    )
}

rooms_until() { # PORT
    local tries
    for tries in $(seq 1 50); do
        if (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; then return; fi
        sleep 0.1
    done
}

rooms_alive() { # NAME
    local pid
    pid=$(cat "$data/janus/$1.pid" 2>/dev/null || true)
    alive "$pid" && grep -qz "^RELAIS_DATA=$data\$" "/proc/$pid/environ" 2>/dev/null
}

rooms_stop() {
    local name
    for name in turn janus; do
        if rooms_alive "$name"; then kill "$(cat "$data/janus/$name.pid")" 2>/dev/null || true; fi
        rm -f "$data/janus/$name.pid"
    done
}
