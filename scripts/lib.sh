# Shared by the launcher's verbs. Expects $root and $data.

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
# The compiler's servers would stay behind when the build is over.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 UseSharedCompilation=false

say() { printf '%s\n' "$*"; }
step() { printf '  %s %s\n' "$(date +%H:%M:%S)" "$*"; }
fail() {
    printf 'relais: %s\n' "$*" >&2
    exit 1
}

is_root() { [ "$(id -u)" = 0 ]; }

# What each part needs: "command package". The desktops' packages are apart, because Relais starts without them.
core_needs='curl:curl git:git node:nodejs npm:npm jq:jq openssl:openssl'
desktop_needs='lxd:lxd lxc:lxd-client mkfs.btrfs:btrfs-progs dnsmasq:dnsmasq-base nft:nftables debootstrap:debootstrap mksquashfs:squashfs-tools ip:iproute2 zstd:zstd modprobe:kmod'
voice_needs='janus:janus turnserver:coturn'
respondents_needs='espeak-ng:espeak-ng'
test_needs='chromium:chromium sipp:sip-tester svmap:sipvicious janus:janus turnserver:coturn espeak-ng:espeak-ng xfreerdp:freerdp2-x11 freerdp-shadow-cli:freerdp2-shadow-x11 Xvfb:xvfb sshd:openssh-server ssh:openssh-client Xvnc:tigervnc-standalone-server xterm:xterm pdftotext:poppler-utils readstat:readstat goaccess:goaccess haproxy:haproxy nginx:nginx-light slapd:slapd ldapmodify:ldap-utils zsh:zsh'

missing_packages() { # LIST
    local pair packages=()
    for pair in $1; do
        PATH=$PATH:/usr/sbin:/sbin command -v "${pair%%:*}" >/dev/null 2>&1 || packages+=("${pair#*:}")
    done
    if [ "$1" = "$core_needs" ] && [ -z "$(postgres_bin)" ]; then packages+=(postgresql); fi
    printf '%s' "${packages[*]:-}"
}

postgres_bin() {
    local candidate
    for candidate in /usr/lib/postgresql/*/bin; do
        if [ -x "$candidate/initdb" ]; then printf '%s' "$candidate"; fi
    done | sort -V | tail -n 1
}

# These packages start a service of the whole machine, on all addresses, as soon as they are installed: we start our own, and theirs stays off.
keep_off() { # PACKAGES
    local unit
    for unit in janus coturn rtpengine-daemon haproxy nginx slapd; do
        if [[ " $1 " == *" $unit "* ]] && [ -d /etc/systemd/system ] && [ ! -e "/etc/systemd/system/$unit.service" ]; then
            ln -s /dev/null "/etc/systemd/system/$unit.service"
        fi
    done
}

install_packages() { # PACKAGES, in one string
    [ -n "$1" ] || return 0
    is_root || return 1
    command -v apt-get >/dev/null 2>&1 || return 1
    step "installing $1"
    keep_off "$1"
    local log=$data/log/apt.log
    # A fresh machine has no package lists yet, or old ones.
    # shellcheck disable=SC2086
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $1; } >"$log" 2>&1 ||
        { step "could not install: $(tail -n 1 "$log") (see $log)" && return 1; }
}

need_dotnet() {
    if ! command -v dotnet >/dev/null 2>&1; then
        fail "the .NET SDK 10 is missing, and Debian has no package of it.
  Get it from https://dotnet.microsoft.com/download/dotnet/10.0 (or Microsoft's Debian package dotnet-sdk-10.0), put 'dotnet' on PATH, and run this again."
    fi
    # global.json decides which SDK is good enough; dotnet says so itself.
    (cd "$root" && dotnet --version >/dev/null 2>&1) ||
        fail "the .NET SDK here is too old: $(cd "$root" && dotnet --version 2>&1 | head -n 3)"
}

need_core() {
    local missing
    missing=$(missing_packages "$core_needs")
    if [ -n "$missing" ] && ! install_packages "$missing"; then
        fail "missing: $missing
  Install with: sudo apt-get install $missing"
    fi
    need_dotnet
}


free_port() {
    local port
    for port in $(shuf -i 20000-29999 -n 50); do
        if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            printf '%s' "$port"
            return
        fi
    done
    return 1
}

alive() { [ -n "${1:-}" ] && kill -0 "$1" 2>/dev/null; }
