# ./relais up, demo and down. Expects lib.sh, $root and $data.
# shellcheck source=scripts/postgres.sh
. "$root/scripts/postgres.sh"
# shellcheck source=scripts/standins.sh
. "$root/scripts/standins.sh"
# shellcheck source=scripts/pilotage.sh
. "$root/scripts/pilotage.sh"
# shellcheck source=scripts/interviewers.sh
. "$root/scripts/interviewers.sh"
# shellcheck source=scripts/rooms.sh
. "$root/scripts/rooms.sh"
# shellcheck source=scripts/respondents.sh
. "$root/scripts/respondents.sh"

https_port=${RELAIS_HTTPS_PORT:-8443}
http_port=${RELAIS_HTTP_PORT:-0}
bind=${RELAIS_BIND:-127.0.0.1}
names=${RELAIS_NAMES:-localhost,127.0.0.1,$(hostname -f 2>/dev/null || hostname)}

relais_up() {
    local demo=0
    if [ "${1:-}" = --demo ]; then demo=1; fi
    mkdir -p "$data/log"
    exec 8>"$data/up.lock"
    flock -n 8 || fail "another './relais up' is at work on $data. Wait for it, or look at $data/log."

    say "Relais: starting (everything lies under $data)"
    need_core
    bash "$root/scripts/build.sh" "$root" "$data" 8>&-
    up_database
    up_engine
    # Once a demo, always one: what was enrolled is to answer.
    if [ "$demo" = 1 ] || [ -e "$data/standins/standins.json" ]; then standins_start; fi
    if [ "$demo" = 1 ] || [ -e "$data/standins/apps.json" ]; then pilotage_start; fi
    rooms_start
    if [ "$demo" = 1 ] || [ -e "$data/standins/respondents.arguments" ]; then respondents_start; fi
    # Made-up listeners, and the button of the speech on the live wall.
    if [ "$demo" = 1 ]; then mkdir -p "$data/standins" && touch "$data/standins/listeners"; fi
    up_settings
    up_server
    up_people "$demo"
    if [ "$demo" = 1 ] || [ -e "$data/standins/interviewers.arguments" ]; then interviewers_start; fi
    up_say "$demo"
}

up_database() {
    if [ -n "${RELAIS_POSTGRES:-}" ]; then
        connection=$RELAIS_POSTGRES
        step "database: the one of RELAIS_POSTGRES"
    else
        step "database: the private cluster"
        postgres_start "$data/postgres" 8>&-
        connection=$(postgres_connection "$data/postgres" relais)
    fi
}

# One daemon; or, to try how Relais goes on when a machine is gone, a cluster of RELAIS_CLUSTER members on this machine. Once a cluster, always one.
start_engine() {
    if [ -n "${RELAIS_CLUSTER:-}" ] || [ -s "$data/lxd/members" ]; then
        RELAIS_CLUSTER_PORTAL=$(portal_name) bash "$root/scripts/cluster.sh" start "$data/lxd" "${RELAIS_CLUSTER:-3}"
    else
        bash "$root/scripts/engine.sh" start "$data/lxd"
    fi
}

# Desktops reach these pages by a name: browsers keep cookies and certificates by it.
portal_name() {
    local name
    for name in ${names//,/ }; do
        if [ "$name" != localhost ] && ! [[ $name =~ ^[0-9.]+$|: ]]; then
            printf '%s' "$name"
            return
        fi
    done
}

# Sets $engine_missing to "REASON: DETAIL" when there can be no desktops; all else goes on. Pages put the reason into words.
up_engine() {
    engine_missing=
    images={}
    local missing
    missing=$(missing_packages "$desktop_needs")
    if ! is_root; then
        engine_missing="root: run 'sudo ./relais up'"
    elif [ -n "$missing" ] && ! install_packages "$missing"; then
        engine_missing="packages: $missing"
    elif ! start_engine >"$data/log/engine.log" 2>&1 8>&-; then
        engine_missing="engine: $(tail -n 1 "$data/log/engine.log")"
    fi
    if [ -n "$engine_missing" ]; then
        step "desktops: not possible here: $engine_missing"
        return
    fi
    step "desktops: engine ready"
    # The standard one; others are built when somebody asks for them: 'relais desktops build NAME', or the page of bundles.
    local name=bureau-standard
    step "desktops: image of $name (a few minutes the first time, then kept)"
    if LC_ALL=C bash "$root/bundles/build-image.sh" "$root/bundles/$name" 8>&- | tee "$data/log/image.log" | sed -u '/^\//d; s/^/    /'; then
        images=$(jq --arg name "$name" --arg path "$(tail -n 1 "$data/log/image.log")" '.[$name] = $path' <<<"$images")
    else
        engine_missing="image: $name (see $data/log/image.log)"
        step "desktops: $engine_missing"
    fi
}

up_settings() {
    local file=$data/settings.json standins="[]" apps="[]" inside="" portal="" listeners=false name
    name=$(portal_name)
    if [ -e "$data/standins/standins.json" ]; then standins=$(cat "$data/standins/standins.json"); fi
    if [ -e "$data/standins/apps.json" ]; then apps=$(cat "$data/standins/apps.json"); fi
    if [ -e "$data/standins/listeners" ]; then listeners=true; fi
    if [ -z "$engine_missing" ] && [ -s "$data/lxd/engine.json" ]; then
        # At the host's address in their network.
        if [ -n "$name" ]; then portal=https://$name:$https_port/; fi
        case $bind in 0.0.0.0 | ::) ;; *) inside=$(jq -r '.subnet | sub("0/[0-9]+$"; "1")' "$data/lxd/engine.json") ;; esac
    fi
    (
        umask 077
        jq -n --arg inside "$inside" --arg portal "$portal" --arg data "$data" --arg bind "$bind" --argjson https "$https_port" --argjson http "$http_port" \
            --arg names "$names" --arg connection "$connection" --arg missing "$engine_missing" \
            --arg rooms "$rooms" --arg turn "$turn" --arg turnsecret "$(cat "$data/janus/turn-secret" 2>/dev/null || true)" --arg secret "$(cat "$data/janus/secret" 2>/dev/null || true)" \
            --arg sip "$(cat "$data/standins/sip.port" 2>/dev/null || true)" \
            --arg bundles "$root/bundles" --argjson images "$images" --argjson standins "$standins" --argjson apps "$apps" --argjson listeners "$listeners" '
            {
              Relais: {Data: $data, Bind: $bind, HttpsPort: $https, HttpPort: $http, Names: ($names | split(","))},
              ConnectionStrings: {Relais: $connection},
              Desktops: {Engine: ($data + "/lxd/engine.json"), EngineMissing: $missing, Bundles: $bundles, Images: $images},
              Telephony: ((if $rooms == "" then {} else {Rooms: [{Address: $rooms, Secret: $secret}]} end)
                + (if $turn == "" then {} else {Turn: {Uris: ["\($turn)?transport=udp", "\($turn)?transport=tcp"], Secret: $turnsecret}} end)
                + (if $sip == "" then {} else {Port: ($sip | tonumber)} end))
            }
            | if $listeners then .Traffic.Demo.Enabled = true else . end
            | if $portal == "" then . else .Desktops.Portal = $portal | .Relais.InsideBind = $inside end
            | if $standins == [] then . else .Desktops.Workstations = {
                AllowedNetworks: ($standins | map(.host + "/32") | join(", ")),
                RdpPorts: (["3389"] + ($standins | map(select(.protocol == "Rdp").port | tostring)) | join(", ")),
                SshPorts: (["22"] + ($standins | map(select(.protocol == "Ssh").port | tostring)) | join(", "))
              } end
            | if $apps == [] then . else .Gateway.Apps.AllowedNetworks =
                ($apps | map(.upstream | capture("//(?<host>[^:]+)").host + "/32") | join(", ")) end' >"$file.new"
    )
    mv "$file.new" "$file"
}

server_pid() { cat "$data/relais.pid" 2>/dev/null || true; }

up_server() {
    local pid
    pid=$(server_pid)
    if alive "$pid" && [ "$(readlink -f "/proc/$pid/exe" 2>/dev/null)" = "$(readlink -f "$app")" ] && cmp -s "$data/settings.json" "$data/settings.running.json"; then
        step "server: already running"
        return
    fi
    stop_server
    if (exec 3<>"/dev/tcp/127.0.0.1/$https_port") 2>/dev/null; then
        fail "port $https_port is taken by another program. Choose another one: RELAIS_HTTPS_PORT=8444 ./relais up"
    fi
    step "server: starting"
    cp -p "$data/settings.json" "$data/settings.running.json"
    (
        cd "$data"
        # The copying of pictures goes on at the threads that poll the sockets: as many as there are cores.
        RELAIS_DATA=$data DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT=$(nproc) nohup setsid "$app" serve >>"$data/log/relais.log" 2>&1 </dev/null 8>&- 9>&- &
        echo $! >"$data/relais.pid"
    )
    pid=$(server_pid)
    local tries
    for tries in $(seq 1 300); do
        if curl -fsk "https://127.0.0.1:$https_port/health/ready" >/dev/null 2>&1; then return; fi
        alive "$pid" || fail "the server stopped at once. The end of $data/log/relais.log:
$(tail -n 15 "$data/log/relais.log")"
        sleep 0.2
    done
    fail "the server did not get ready within a minute: see $data/log/relais.log"
}

stop_server() {
    local pid tries
    pid=$(server_pid)
    if alive "$pid" && grep -qz "^RELAIS_DATA=$data\$" "/proc/$pid/environ" 2>/dev/null; then
        kill "$pid" 2>/dev/null || true
        for tries in $(seq 1 100); do
            alive "$pid" || break
            sleep 0.1
        done
        if alive "$pid"; then kill -9 "$pid" 2>/dev/null || true; fi
    fi
    rm -f "$data/relais.pid"
}

up_people() { # DEMO
    admin_said=$(RELAIS_DATA=$data "$app" admin create)
    demo_said=
    if [ "$1" = 1 ]; then demo_said=$(RELAIS_DATA=$data "$app" demo people && RELAIS_DATA=$data "$app" demo workstations && RELAIS_DATA=$data "$app" demo pool && RELAIS_DATA=$data "$app" demo plans && RELAIS_DATA=$data "$app" demo apps && RELAIS_DATA=$data "$app" demo audience && RELAIS_DATA=$data "$app" demo fieldwork && RELAIS_DATA=$data "$app" demo traffic); fi
    if [ "$1" = 1 ] && standin_alive respondents; then
        demo_said="$demo_said
$(RELAIS_DATA=$data "$app" demo line "$respondents_address:$(cat "$data/standins/respondents.port")")"
    fi
}

up_say() { # DEMO
    say ""
    say "Relais is ready:  https://${names%%,*}:$https_port/"
    say "$admin_said"
    if [ -n "$demo_said" ]; then say "$demo_said"; fi
    if standin_alive interviewers; then say "At work:          simulated interviewers, in French, whatever the hour; watch them as superviseur1 under Fieldwork. enqueteur1 is left for you"; fi
    if [ -e "$data/standins/apps.json" ]; then say "Internal app:     https://pilotage.${names%%,*}:$https_port/"; fi
    say ""
    if [ -z "${RELAIS__Relais__Certificate:-}" ]; then
        say "Browsers trust it once $data/tls/ca.crt is installed as an authority; until then they warn."
    fi
    if [ "$bind" = 127.0.0.1 ]; then say "Only this machine can open it. For others: RELAIS_BIND=0.0.0.0 RELAIS_NAMES=relais.example.org ./relais up"; fi
    if [ -n "$engine_missing" ]; then say "No desktops: $engine_missing"; fi
    if [ -n "$rooms_missing" ]; then say "No softphones: $rooms_missing"; fi
    say "Stop with: ./relais down"
}

relais_down() {
    say "Relais: stopping"
    # First those who work at it: all that lies in the folder is ended.
    standins_stop
    stop_server
    rooms_stop
    if [ -s "$data/lxd/members" ]; then
        bash "$root/scripts/cluster.sh" stop "$data/lxd" || true
    elif [ -d "$data/lxd" ]; then
        bash "$root/scripts/engine.sh" stop "$data/lxd" || true
    fi
    if [ -d "$data/postgres" ]; then postgres_stop "$data/postgres"; fi
    say "Stopped. What it kept is in $data; delete that folder to forget everything."
}
