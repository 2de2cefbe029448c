# ./relais bench [access|gateway|desktops|audience|fieldwork|telephony|traffic] [ROUNDS], or access arrivals|pages, desktops twenty|kill|cluster [DESKTOPS], fieldwork board|steps|study, or traffic collector|aggregate|report|memory|surge, or telephony load [janus] [CALLS [SECONDS]], impaired [SECONDS] or pacing [SEEDS]: the benchmarks, beside their peers in the same run. Expects lib.sh, $root and $data.

relais_bench() {
    local part=${1:-all}
    if [ $# -gt 0 ]; then shift; fi
    need_core
    case "$part" in
    access) bench_access "$@" ;;
    gateway) bench_gateway "$@" ;;
    desktops) bench_desktops "$@" ;;
    audience) bench_audience "$@" ;;
    fieldwork) bench_fieldwork "$@" ;;
    telephony) bench_telephony "$@" ;;
    traffic) bench_traffic "$@" ;;
    all) bench_access && bench_fieldwork && bench_gateway && bench_desktops && bench_audience && bench_telephony && bench_traffic ;;
    *) fail "usage: ./relais bench [access|gateway|desktops|audience|fieldwork|telephony|traffic] [ROUNDS]" ;;
    esac
}

bench_needs() { # LIST
    local missing
    missing=$(missing_packages "$1")
    if [ -n "$missing" ] && ! install_packages "$missing"; then fail "the benchmarks need: $missing"; fi
}

bench_run() { # PROJECT ARGUMENTS
    local project=$1
    shift
    (cd "$root" && dotnet run --project "bench/$project" -c Release -p:ArtifactsPath="$data/build" -- "$@")
}

# Six hundred people: arriving at two nodes behind HAProxy, and every page with all of them in it.
bench_access() {
    if [ $# -eq 0 ]; then
        (bench_access arrivals) && (bench_access pages)
        return
    fi
    bench_needs "haproxy:haproxy sshd:openssh-server ssh:openssh-client chromium:chromium"
    . "$root/scripts/postgres.sh"
    local state=$data/bench-access part=$1
    shift
    rm -rf "$state" "$state-data"
    mkdir -p "$state" "$state-data"
    trap 'postgres_stop "$data/bench-access"; rm -rf "$data/bench-access" "$data/bench-access-data"' EXIT
    postgres_start "$state"
    bash "$root/scripts/build.sh" "$root" "$data" >&2
    RELAIS_BENCH_WEB=$data/web/dist bench_run Relais.Access.Bench "$part" "$data/app/relais" "$(postgres_connection "$state" relais)" "$state-data" "$@"
}

bench_gateway() {
    bench_needs "haproxy:haproxy websockify:websockify nginx:nginx-light"
    # The nginx package without its stream module counts as missing.
    [ -e /usr/lib/nginx/modules/ngx_stream_module.so ] || install_packages libnginx-mod-stream || fail "the benchmarks need: libnginx-mod-stream"
    # 10,000 half-open connections, at both ends.
    ulimit -n "$(ulimit -Hn)"
    [ "$(ulimit -n)" = unlimited ] || [ "$(ulimit -n)" -ge 12000 ] || fail "the benchmark needs 12000 open files: raise the limit (ulimit -Hn)"
    bench_run Relais.Gateway.Bench "$@"
}

# A whole Relais of its own, with the sample institute, and a person of it in Chromium.
bench_desktops() {
    case "${1:-}" in
    twenty | kill)
        bench_plan "$@"
        return
        ;;
    cluster)
        export RELAIS_CLUSTER=3
        bench_plan cluster "${2:-6}"
        return
        ;;
    esac
    is_root || fail "desktops need root: run 'sudo ./relais bench desktops'"
    bench_needs "$test_needs $desktop_needs"
    local state=$data/bench port said
    port=$(free_port)
    trap 'RELAIS_DATA=$data/bench bash "$root/relais" down >&2; rm -rf "$data/bench"' EXIT
    said=$(RELAIS_DATA=$state RELAIS_HTTPS_PORT=$port RELAIS_NAMES=localhost RELAIS_POSTGRES='' RELAIS_DEMO_INTERVIEWERS=0 bash "$root/relais" demo)
    printf '%s\n' "$said" >&2
    bench_run Relais.Desktops.Bench "https://localhost:$port/" "$(jq -r .ConnectionStrings.Relais "$state/settings.json")" \
        employe1 "$(printf '%s\n' "$said" | awk '$1 == "employe1" { print $2 }')" "$@"
}

# A Relais of its own whose interviewers get their desktops by one continuity plan: figures of the start, or server and engine killed in the midst of it;
# or on a cluster of three.
bench_plan() { # twenty|kill|cluster [DESKTOPS]
    is_root || fail "desktops need root: run 'sudo ./relais bench desktops $1'"
    bench_needs "$desktop_needs"
    local state=$data/bench count=${2:-20} what=$1
    export RELAIS_HTTPS_PORT RELAIS_NAMES=localhost RELAIS_POSTGRES='' RELAIS_DEMO_INTERVIEWERS=0 RELAIS__Desktops__AtOnce
    RELAIS_HTTPS_PORT=$(free_port)
    # As many as the plan says.
    RELAIS__Desktops__AtOnce=$count
    trap 'RELAIS_DATA=$data/bench bash "$root/relais" down >&2; rm -rf "$data/bench"' EXIT
    bash "$root/scripts/build.sh" "$root" "$data" >&2
    mkdir -p "$state"
    cp -a "$data/app" "$data/app.stamp" "$data/web" "$state/"
    RELAIS_DATA=$state bash "$root/relais" up >&2
    RELAIS_DATA=$state "$state/app/relais" demo people "$count" >/dev/null
    RELAIS_DATA=$state "$state/app/relais" desktops build enqueteur >&2
    bench_run Relais.Desktops.Bench "$what" "$state/app/relais" "$state" "$root/relais" "$(jq -r .ConnectionStrings.Relais "$state/settings.json")" "$count"
}

# Weighing, beside R's survey: the built program, and Rscript.
bench_audience() {
    bench_needs "Rscript:r-base-core"
    # The package of R comes apart from R itself.
    [ -d /usr/lib/R/site-library/survey ] || install_packages r-cran-survey || fail "the benchmark needs R's survey: apt-get install r-cran-survey"
    bash "$root/scripts/build.sh" "$root" "$data" >&2
    # A season through a server, whose database is its own and gone afterwards.
    if [ "${1:-}" = wave ]; then
        . "$root/scripts/postgres.sh"
        trap 'postgres_stop "$data/bench-postgres"; rm -rf "$data/bench-postgres"' EXIT
        postgres_start "$data/bench-postgres"
        RELAIS__Portal__WebRoot=$data/web/dist bench_run Relais.Audience.Bench wave "$data/app/relais" "$(postgres_connection "$data/bench-postgres" relais)"
        return
    fi
    # As people call it: through the launcher, which becomes the program.
    RELAIS_DATA=$data bench_run Relais.Audience.Bench "$root/relais" "$@"
}

# Fieldwork, on a PostgreSQL of its own that flushes to disk as a real one does: the next case among a million, or board, steps or study of the built program.
bench_fieldwork() {
    . "$root/scripts/postgres.sh"
    local state=$data/bench-fieldwork what=${1:-next} connection
    rm -rf "$state" "$data/bench-fieldwork-data"
    mkdir -p "$state" "$data/bench-fieldwork-data"
    trap 'postgres_stop "$data/bench-fieldwork"; rm -rf "$data/bench-fieldwork" "$data/bench-fieldwork-data"' EXIT
    postgres_options='-c shared_buffers=512MB -c max_wal_size=4GB' postgres_start "$state"
    connection=$(postgres_connection "$state" relais)
    case "$what" in
    board | steps | study)
        shift
        if [ "$what" = steps ]; then bench_needs "chromium:chromium"; fi
        bash "$root/scripts/build.sh" "$root" "$data" >&2
        RELAIS_BENCH_WEB=$data/web/dist bench_run Relais.Fieldwork.Bench "$what" "$data/app/relais" "$connection" "$data/bench-fieldwork-data" "$state/cluster/postmaster.pid" "$@"
        ;;
    *) bench_run Relais.Fieldwork.Bench next "$connection" "$@" ;;
    esac
}

# Calls at once, with voice both ways and a recording each, through SIPp, alone and through Janus, beside rtpengine; a bad network between a browser and Janus; and pacing beside
# VICIdial's published algorithm: simulated, so without servers and the same on every machine.
bench_telephony() {
    case "${1:-all}" in
    pacing) bench_run Relais.Telephony.Bench "$@" ;;
    load)
        bench_needs "sipp:sip-tester rtpengine:rtpengine-daemon janus:janus"
        # Debian starts it as a service with the kernel's table; ours is a process of the benchmark.
        bench_run Relais.Telephony.Bench "$@"
        ;;
    impaired)
        bench_needs "sipp:sip-tester janus:janus chromium:chromium"
        bench_run Relais.Telephony.Bench "$@"
        ;;
    *) bench_telephony load && bench_telephony load janus && bench_telephony impaired && bench_telephony pacing ;;
    esac
}

# Beacons: the collector beside nginx with wrk, live figures, the history, memory, and a surge, also on a slow disk. Servers are on a PostgreSQL of their own.
bench_traffic() {
    local part=${1:-all} state=$data/bench-traffic
    if [ $# -gt 0 ]; then shift; fi
    case "$part" in
    aggregate | memory) bench_run Relais.Traffic.Bench "$part" "$@" ;;
    report)
        rm -rf "$state-history"
        bench_run Relais.Traffic.Bench report "$state-history" "$@" || { rm -rf "$state-history"; return 1; }
        rm -rf "$state-history"
        ;;
    collector | surge)
        # Each beacon that waits for a slow disk holds a connection, at both ends.
        ulimit -n "$(ulimit -Hn)"
        [ "$(ulimit -n)" = unlimited ] || [ "$(ulimit -n)" -ge 15000 ] || fail "the benchmark needs 15000 open files: raise the limit (ulimit -Hn)"
        if [ "$part" = collector ]; then bench_needs "nginx:nginx-light wrk:wrk"; fi
        (bench_traffic_served "$state" "$part" "$@")
        ;;
    all) for part in collector surge aggregate memory report; do bench_traffic "$part" || return 1; printf '\n'; done ;;
    *) fail "usage: ./relais bench traffic [collector [SECONDS [ROUNDS]] | surge [SECONDS] | aggregate [MILLIONS] | memory | report [MILLIONS]]" ;;
    esac
}

bench_traffic_served() { # STATE PART ARGUMENTS
    . "$root/scripts/postgres.sh"
    state=$1
    local part=$2
    shift 2
    rm -rf "$state" "$state-data"
    mkdir -p "$state" "$state-data"
    trap 'postgres_stop "$state"; rm -rf "$state" "$state-data"' EXIT
    postgres_start "$state"
    bash "$root/scripts/build.sh" "$root" "$data" >&2
    RELAIS_BENCH_WEB=$data/web/dist bench_run Relais.Traffic.Bench "$part" "$data/app/relais" "$(postgres_connection "$state" relais)" "$state-data" "$@"
}
