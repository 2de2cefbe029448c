# ./relais doctor: what is missing and how to get it. Exit code 1 when something that 'up' needs is missing.

doctor_line() { printf '  %-9s %s\n' "$1" "$2"; }

relais_doctor() {
    local missing bad=0 pid
    say "Relais: what this machine has"

    missing=$(missing_packages "$core_needs")
    if [ -z "$missing" ]; then
        doctor_line ok "tools and PostgreSQL"
    else
        bad=1
        doctor_line MISSING "$missing"
        doctor_line "" "  sudo apt-get install $missing   (./relais up does it as root)"
    fi

    if command -v dotnet >/dev/null 2>&1 && (cd "$root" && dotnet --version >/dev/null 2>&1); then
        doctor_line ok ".NET SDK $(cd "$root" && dotnet --version)"
    else
        bad=1
        doctor_line MISSING "the .NET SDK 10: https://dotnet.microsoft.com/download/dotnet/10.0"
    fi

    missing=$(missing_packages "$desktop_needs")
    if ! is_root; then
        doctor_line "no" "desktops: they need root (everything else works): sudo ./relais up"
    elif [ -n "$missing" ]; then
        doctor_line MISSING "for desktops: $missing"
        doctor_line "" "  sudo apt-get install --no-install-recommends $missing   (./relais up does it as root)"
    else
        bash "$root/scripts/engine.sh" check | while IFS= read -r line; do doctor_line "" "$line"; done
    fi

    missing=$(missing_packages "$voice_needs")
    if [ -z "$missing" ]; then doctor_line ok "softphones"; else doctor_line "no" "softphones: sudo apt-get install --no-install-recommends $missing   (./relais up does it as root)"; fi

    missing=$(missing_packages "$respondents_needs")
    if [ -z "$missing" ]; then doctor_line ok "simulated respondents"; else doctor_line later "for ./relais demo and ./relais respondents: $missing"; fi

    missing=$(missing_packages "$test_needs")
    if [ -z "$missing" ]; then doctor_line ok "tests"; else doctor_line later "for ./relais test only: $missing"; fi

    if (exec 3<>"/dev/tcp/127.0.0.1/${RELAIS_HTTPS_PORT:-8443}") 2>/dev/null; then
        pid=$(cat "$data/relais.pid" 2>/dev/null || true)
        if alive "$pid"; then
            doctor_line ok "running, process $pid"
        else
            bad=1
            doctor_line TAKEN "port ${RELAIS_HTTPS_PORT:-8443} is used by another program: RELAIS_HTTPS_PORT=9443 ./relais up"
        fi
    else
        doctor_line - "not running: ./relais up"
    fi

    local space
    mkdir -p "$data"
    space=$(df --output=avail -BG "$data" | tail -n 1 | tr -dc 0-9)
    if [ "$space" -lt 10 ]; then
        bad=1
        doctor_line LOW "$space GB free at $data; desktops want 10 or more"
    else
        doctor_line ok "$space GB free at $data"
    fi
    return "$bad"
}
