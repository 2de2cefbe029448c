# The sample institute's steering system: an internal web app on a loopback address of its own, published by the demo.
# Expects lib.sh, standins.sh, $root, $data, $names and $https_port.

pilotage_address=127.0.7.3

# Builds and starts it and writes $data/standins/apps.json; says why where that can't be.
pilotage_start() {
    local folder=$data/standins stamp port
    mkdir -p "$folder"
    stamp=$(cd "$root" && find samples/Pilotage ./*.props global.json -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -c1-32)
    if [ "$(cat "$folder/pilotage.stamp" 2>/dev/null)" != "$stamp" ]; then
        pilotage_stop
        step "sample internal app: building"
        (cd "$root" && dotnet publish samples/Pilotage -c Release -o "$folder/pilotage" -p:ArtifactsPath="$data/build" -v quiet >"$data/log/pilotage-build.log" 2>&1 8>&-) || {
            step "sample internal app: not here, it did not build: see $data/log/pilotage-build.log"
            return
        }
        printf '%s' "$stamp" >"$folder/pilotage.stamp"
    fi
    [ -s "$folder/pilotage.port" ] || free_port >"$folder/pilotage.port"
    port=${RELAIS_PILOTAGE_PORT:-$(cat "$folder/pilotage.port")}
    local arguments=("--urls=http://$pilotage_address:$port" "--Portal=https://${names%%,*}:$https_port" "--Host=pilotage.${names%%,*}")
    # An operator's certificate is one that the system knows.
    if [ -z "${RELAIS__Relais__Certificate:-}" ]; then arguments+=("--Authority=$data/tls/ca.crt"); fi
    if ! standin_alive pilotage || [ "$(cat "$folder/pilotage.arguments" 2>/dev/null)" != "${arguments[*]}" ]; then
        pilotage_stop
        standin_run pilotage "$folder/pilotage/pilotage" "${arguments[@]}"
        printf '%s' "${arguments[*]}" >"$folder/pilotage.arguments"
        standin_until standin_listens "$pilotage_address" "$port" || return 0
    fi
    jq -n --arg upstream "http://$pilotage_address:$port" \
        '[{name: "Pilotage des enquêtes (exemple)", label: "pilotage", upstream: $upstream, groups: ["Études", "Siège", "Informatique"]}]' >"$folder/apps.json"
    step "sample internal app: ready"
}

pilotage_stop() {
    if standin_alive pilotage; then kill -- "-$(cat "$data/standins/pilotage.pid")" 2>/dev/null || true; fi
    rm -f "$data/standins/pilotage.pid"
}
