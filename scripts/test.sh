# ./relais test: builds and runs every test against real servers of its own; the last line is "N passed, N failed".
# shellcheck source=scripts/postgres.sh
. "$root/scripts/postgres.sh"

relais_test() {
    local state=$data/test missing failed=0 passed=0 skipped=0 status=0
    mkdir -p "$data/log"
    exec 8>"$data/test.lock"
    flock -n 8 || fail "another './relais test' is at work on $data."

    say "Relais: tests (everything lies under $state)"
    need_core
    missing=$(missing_packages "$test_needs $desktop_needs")
    if [ -n "$missing" ] && ! install_packages "$missing"; then fail "the tests need: $missing"; fi

    # What an earlier run that was killed left behind goes first.
    trap 'test_clean "$data/test"' EXIT
    trap 'exit 130' INT TERM
    test_clean "$state"
    mkdir -p "$state"

    # A download beside the build, which has all the cores.
    local library issuer
    bash "$root/scripts/clickhouse-library.sh" >"$data/log/clickhouse-library.log" 2>&1 8>&- &
    library=$!
    bash "$root/scripts/openid-library.sh" >"$data/log/openid-library.log" 2>&1 8>&- &
    issuer=$!

    step "building the pages"
    sh "$root/web/build.sh" "$data" >"$data/log/web.log" 2>&1 || fail "the pages did not build: $(tail -n 5 "$data/log/web.log")"
    step "building the program and the tests"
    (cd "$root" && dotnet build Relais.slnx -c Release -p:ArtifactsPath="$data/build" -v quiet --nologo >"$data/log/test-build.log" 2>&1) ||
        fail "the build failed:
$(grep -E 'error' "$data/log/test-build.log" | sort -u | head -n 20)"

    step "ClickHouse's library (fetched once, then kept in the user's cache)"
    wait "$library" || fail "it could not be fetched: $(tail -n 3 "$data/log/clickhouse-library.log")"
    step "an OpenID Connect issuer (fetched once, then kept in the user's cache)"
    wait "$issuer" || fail "it could not be fetched: $(tail -n 3 "$data/log/openid-library.log")"
    step "a PostgreSQL of its own"
    # The tests' data is thrown away: no need to wait for the disk.
    postgres_options='-c fsync=off -c synchronous_commit=off -c full_page_writes=off' postgres_start "$state/postgres" 8>&-
    export RELAIS_TEST_POSTGRES RELAIS_TEST_WEB=$data/web/dist RELAIS_TEST_DATA=$state RELAIS_TEST_ROOT=$root
    RELAIS_TEST_POSTGRES=$(postgres_connection "$state/postgres" postgres)
    test_engine "$state"

    # Chromium drops its connections when this machine gets another interface, as desktops and offices give it: its tests come first.
    # The others run beside those that make interfaces, which wait much.
    local project
    for project in "$root"/tests/*/*.csproj; do
        project=$(basename "$project" .csproj)
        if [ "$project" = Relais.Tests ]; then
            test_pass "$project" "in Chromium" --filter-trait "Seen=in Chromium" "$@"
            test_pass "$project" "everything else" --filter-not-trait "Seen=in Chromium" "$@"
        else
            test_pass "$project" "" "$@"
        fi
    done

    test_clean "$state"
    trap - EXIT
    if [ "$failed" -gt 0 ] || [ "$passed" = 0 ]; then status=1; fi
    # Named again at the very end with what they said, where a long log is read first.
    awk '/^ *failed [A-Z]/ { left = 12 } /^[^ ]/ && !/^failed [A-Z]/ { left = 0 } left > 0 { left--; print substr($0, 1, 400) }' "$data"/log/Relais.*.log
    if [ "$skipped" -gt 0 ]; then
        say "$passed passed, $failed failed, $skipped skipped"
    else
        say "$passed passed, $failed failed"
    fi
    return "$status"
}

test_pass() { # PROJECT PART OPTIONS: adds to passed, failed and skipped
    local project=$1 part=$2 log counts
    shift 2
    log=$data/log/$project${part:+.${part// /-}}.log
    step "$project${part:+, $part}"
    "$data/build/bin/$project/release/$project" --no-ansi --no-progress "$@" 2>&1 8>&- | tee "$log" | grep --line-buffered -vE '^(xUnit|Running|  Discover|  Start|  Finish)' || true
    counts=$(grep -E '^ +(total|failed|succeeded|skipped): [0-9]+' "$log" || true)
    if [ -z "$counts" ]; then
        say "$project ended without a result; see $log"
        failed=$((failed + 1))
        return
    fi
    passed=$((passed + $(number_of succeeded "$counts")))
    failed=$((failed + $(number_of failed "$counts")))
    skipped=$((skipped + $(number_of skipped "$counts")))
}

number_of() { printf '%s\n' "$2" | sed -n "s/^ *$1: \([0-9]*\).*/\1/p" | head -n 1; }

# The desktops' tests run where an engine can; elsewhere they say why they are left out.
test_engine() { # STATE
    export RELAIS_TEST_ENGINE= RELAIS_TEST_IMAGE= RELAIS_TEST_ENGINE_MISSING=
    if ! is_root; then
        RELAIS_TEST_ENGINE_MISSING='the desktops engine needs root'
        return
    fi
    step "the desktops' image (built once, then kept in the user's cache)"
    RELAIS_TEST_IMAGE=$(bash "$root/bundles/build-image.sh" "$root/bundles/bureau-standard" 2>>"$data/log/image.log" 8>&- | tee -a "$data/log/image.log" | tail -n 1)
    [ -d "$RELAIS_TEST_IMAGE" ] || fail "the image could not be built: $(tail -n 3 "$data/log/image.log")"
    step "a desktops engine of its own"
    if bash "$root/scripts/engine.sh" start "$1/lxd" >"$data/log/test-engine.log" 2>&1 8>&-; then
        RELAIS_TEST_ENGINE=$1/lxd/engine.json
    else
        RELAIS_TEST_ENGINE_MISSING=$(tail -n 1 "$data/log/test-engine.log")
        step "no engine here: $RELAIS_TEST_ENGINE_MISSING"
    fi
}

# Ends what a run started and removes its data, also what a killed run left.
test_clean() { # STATE
    local state=$1 pid place
    for pid in $(test_processes "$state"); do kill -9 "$pid" 2>/dev/null || true; done
    for place in $(test_namespaces "$state"); do ip netns del "$place" 2>/dev/null || true; done
    if [ -d "$state/lxd" ]; then bash "$root/scripts/engine.sh" stop "$state/lxd" >>"$data/log/test-engine.log" 2>&1 8>&- || true; fi
    if [ -d "$state/postgres" ]; then postgres_stop "$state/postgres"; fi
    rm -rf "$state"
}

# Servers and browsers that tests start carry this variable.
test_processes() { # STATE
    local environment
    for environment in /proc/[0-9]*/environ; do
        if grep -qz "^RELAIS_TEST_OWNER=$1\$" "$environment" 2>/dev/null; then
            basename "$(dirname "$environment")"
        fi
    done
}

# The offices of tests are network namespaces, named after the folder: OfficeLan.cs makes the same of it.
test_namespaces() { # STATE
    local place
    for place in /var/run/netns/rt"$(printf '%s' "$1" | sha256sum | cut -c1-6)"*; do
        if [ -e "$place" ]; then basename "$place"; fi
    done
}
