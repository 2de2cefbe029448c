# The sample interviewers at work on the sample study: one process beside the server, at low priority. Expects lib.sh, standins.sh, $root, $data, $app, $names
# and $https_port. RELAIS_DEMO_INTERVIEWERS=0 leaves them at home.

interviewers_start() {
    local folder=$data/standins arguments pid
    if [ "${RELAIS_DEMO_INTERVIEWERS:-1}" = 0 ]; then
        interviewers_stop
        rm -f "$folder/interviewers.arguments"
        return
    fi
    mkdir -p "$folder"
    arguments=(demo interviewers "https://${names%%,*}:$https_port")
    if [ -z "${RELAIS__Relais__Certificate:-}" ]; then arguments+=(--ca "$data/tls/ca.crt"); fi
    pid=$(cat "$folder/interviewers.pid" 2>/dev/null || true)
    # They follow the server through its restarts, and are started again when the program is another.
    if standin_alive interviewers && [ "$(readlink -f "/proc/$pid/exe" 2>/dev/null)" = "$(readlink -f "$app")" ] && [ "$(cat "$folder/interviewers.arguments" 2>/dev/null)" = "${arguments[*]}" ]; then
        return
    fi
    interviewers_stop
    RELAIS_DATA=$data standin_run interviewers nice -n 10 "$app" "${arguments[@]}"
    printf '%s' "${arguments[*]}" >"$folder/interviewers.arguments"
    step "simulated interviewers: at work"
}

interviewers_stop() {
    if standin_alive interviewers; then kill -- "-$(cat "$data/standins/interviewers.pid")" 2>/dev/null || true; fi
    rm -f "$data/standins/interviewers.pid"
}
