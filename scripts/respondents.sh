# Made-up people who can be called: a SIP peer beside the server, at low priority, on a loopback address of its own. The demo has a line to them.
# Expects lib.sh, standins.sh, $root, $data and $app.

respondents_address=127.0.7.4

# Starts them; says why where that can't be.
respondents_start() {
    local folder=$data/standins arguments pid missing tries
    missing=$(missing_packages "$respondents_needs")
    if [ -n "$missing" ] && ! install_packages "$missing"; then
        step "simulated respondents: not here, they need $missing"
        return
    fi
    mkdir -p "$folder"
    [ -s "$folder/respondents.port" ] || free_port >"$folder/respondents.port"
    # The port of the server's own SIP: 5060 may be another program's.
    [ -s "$folder/sip.port" ] || free_port >"$folder/sip.port"
    arguments=(respondents --listen "$respondents_address:$(cat "$folder/respondents.port")" --seed 1 --outcomes answer=70,no-answer=8,machine=8,refusal=6,busy=5,unknown=3 --ring 2-6)
    pid=$(cat "$folder/respondents.pid" 2>/dev/null || true)
    if standin_alive respondents && [ "$(readlink -f "/proc/$pid/exe" 2>/dev/null)" = "$(readlink -f "$app")" ] && [ "$(cat "$folder/respondents.arguments" 2>/dev/null)" = "${arguments[*]}" ]; then
        return
    fi
    if standin_alive respondents; then kill -- "-$pid" 2>/dev/null || true; fi
    : >"$data/log/standin-respondents.log"
    standin_run respondents nice -n 5 "$app" "${arguments[@]}"
    printf '%s' "${arguments[*]}" >"$folder/respondents.arguments"
    for tries in $(seq 1 100); do
        if grep -q '^respondents listen' "$data/log/standin-respondents.log"; then
            step "simulated respondents: at the other end of the line"
            return
        fi
        standin_alive respondents || break
        sleep 0.1
    done
    step "simulated respondents: not here: $(tail -n 1 "$data/log/standin-respondents.log") (tries: $tries)"
}
