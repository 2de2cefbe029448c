#!/usr/bin/env bash
# A private LXD cluster on this machine: each member a daemon in a network of its own, its directory under DIR. Never touches a system-wide LXD.
#   cluster.sh start DIR [MEMBERS] | stop DIR | kill DIR MEMBER [daemon] | revive DIR MEMBER | status DIR
# Members are m1, m2 ... kill takes a member with its desktops, as a power cut does; with "daemon" its desktops go on.
# RELAIS_CLUSTER_PORTAL: the portal's name, which leads desktops to the gateway's address.
set -euo pipefail

. "$(dirname "${BASH_SOURCE[0]}")/engine-lib.sh"

verb=${1:-}
dir=${2:-}
uplink=desk0

tag() { bridge_name | cut -c3-; }
namespace() { printf 'rl%s-%s' "$(tag)" "$1"; }
# The members' own link, and the one that carries the desktops.
control_bridge() { printf 'rc%s' "$(tag)"; }
members() { cat "$dir/members" 2>/dev/null || true; }
control_net() { cut -d/ -f1 "$dir/control" | sed 's/\.0$//'; }
gateway() { jq -r .subnet "$dir/engine.json" | sed 's|\.0/.*|.1|'; }
socket_of() { printf '%s/%s/unix.socket' "$(short_dir)" "$1"; }
answers() { curl -fs --max-time 5 --unix-socket "$(socket_of "$1")" http://lxd/1.0 >/dev/null 2>&1; }
ask() { # MEMBER METHOD PATH [BODY]
    curl -s --max-time 60 --unix-socket "$(socket_of "$1")" -X "$2" "http://lxd$3" ${4:+-d "$4"}
}

member_pid() { cat "$dir/$1.pid" 2>/dev/null || true; }
member_alive() {
    local pid
    pid=$(member_pid "$1")
    [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null && grep -qz "^LXD_DIR=$(short_dir)/$1\$" "/proc/$pid/environ" 2>/dev/null
}

make_links() {
    local control bridge member number namespace
    control=$(control_bridge) bridge=$(bridge_name)
    if [ ! -e "/sys/class/net/$control" ]; then
        ip link add "$control" type bridge
        ip addr add "$(control_net).1/24" dev "$control"
        ip link set "$control" up
    fi
    # Desktops find their gateway, names and the portal at this address.
    if [ ! -e "/sys/class/net/$bridge" ]; then
        ip link add "$bridge" type bridge
        ip addr add "$(gateway)/22" dev "$bridge"
        ip link set "$bridge" up
    fi
    for member in $(members); do
        number=${member#m} namespace=$(namespace "$member")
        [ ! -e "/run/netns/$namespace" ] || continue
        ip netns add "$namespace"
        ip -n "$namespace" link set lo up
        ip link add "rx$(tag)$number" type veth peer name ctl0 netns "$namespace"
        ip link set "rx$(tag)$number" master "$control" up
        ip -n "$namespace" addr add "$(control_net).1$number/24" dev ctl0
        ip -n "$namespace" link set ctl0 up
        ip link add "ry$(tag)$number" type veth peer name "$uplink" netns "$namespace"
        ip link set "ry$(tag)$number" master "$bridge" up
        # What leaves a member for the desktops' network reaches the gateway and no other member.
        bridge link set dev "ry$(tag)$number" isolated on
        ip -n "$namespace" link set "$uplink" up
    done
}

make_gateway() {
    local subnet bridge
    subnet=$(jq -r .subnet "$dir/engine.json") bridge=$(bridge_name)
    echo 1 >/proc/sys/net/ipv4/ip_forward
    nft -f - <<RULES
table ip relais_$(tag)
delete table ip relais_$(tag)
table ip relais_$(tag) {
    chain out {
        type nat hook postrouting priority 100;
        ip saddr $subnet ip daddr != $subnet oifname != "$bridge" masquerade
    }
    chain between {
        type filter hook forward priority 0;
        iifname "$bridge" oifname "$bridge" drop
    }
}
RULES
    if ! kill -0 "$(cat "$dir/names.pid" 2>/dev/null || echo none)" 2>/dev/null; then
        # Nothing of this machine's own files of names.
        PATH=$PATH:/usr/sbin:/sbin dnsmasq --conf-file=/dev/null --no-hosts --bind-interfaces --interface="$bridge" --except-interface=lo --listen-address="$(gateway)" \
            --pid-file="$dir/names.pid" --user=root ${RELAIS_CLUSTER_PORTAL:+--address="/$RELAIS_CLUSTER_PORTAL/$(gateway)"}
    fi
}

start_member() { # MEMBER
    local member=$1 short
    short=$(short_dir)
    rm -f "$(socket_of "$member")"
    mkdir -p "$dir/$member" "$dir/$member.cgroup"
    # A fresh sysfs shows the member's own interfaces; the control groups are bound back into it.
    # The redirection is the member's own, and no descriptor of the caller's goes with it: a lock would be held for ever.
    (
        for fd in /proc/self/fd/*; do fd=${fd##*/}; if [ "$fd" -gt 2 ] && [ "$fd" -lt 200 ]; then eval "exec $fd>&-"; fi; done 2>/dev/null
        PATH=$PATH:/usr/sbin:/sbin LXD_DIR=$short/$member exec setsid nsenter --net="/run/netns/$(namespace "$member")" unshare -m --uts sh -ec '
            hostname "$1"
            mount --make-rprivate /
            mount --rbind /sys/fs/cgroup "$2/$1.cgroup"
            mount -t sysfs sysfs /sys
            mount --rbind "$2/$1.cgroup" /sys/fs/cgroup
            exec lxd --logfile "$2/$1.log"' sh "$member" "$dir" >"$dir/$member.out" 2>&1 </dev/null
    ) &
    echo $! >"$dir/$member.pid"
}

wait_for() { # MEMBER
    local tries
    for tries in $(seq 1 300); do
        if answers "$1"; then return; fi
        kill -0 "$(member_pid "$1")" 2>/dev/null || die "member $1 stopped at once: $(tail -n 1 "$dir/$1.out")"
        sleep 0.1
    done
    die "member $1 did not answer within 30 s (see $dir/$1.out); tries: $tries"
}

form() {
    local short member token
    short=$(short_dir)
    PATH=$PATH:/usr/sbin:/sbin LXD_DIR=$short/m1 lxd init --preseed >/dev/null <<PRESEED
config:
  core.https_address: $(control_net).11:8443
  cluster.https_address: $(control_net).11:8443
cluster:
  server_name: m1
  enabled: true
PRESEED
    for member in $(members); do
        [ "$member" != m1 ] || continue
        token=$(LXD_DIR=$short/m1 lxc cluster add "$member" 2>/dev/null | tail -n 1)
        PATH=$PATH:/usr/sbin:/sbin LXD_DIR=$short/$member lxd init --preseed >/dev/null <<PRESEED
cluster:
  enabled: true
  server_name: $member
  server_address: $(control_net).1${member#m}:8443
  cluster_token: $token
PRESEED
    done
    # Each member makes desktops from an image of its own; a member seen no more for 10 s is offline.
    ask m1 PATCH /1.0 '{"config":{"cluster.images_minimal_replica":"-1","cluster.offline_threshold":"11"}}' | grep -q '"status_code":200' ||
        die "the cluster refused its settings"
    touch "$dir/formed"
}

start() { # MEMBERS
    local problems member short
    problems=$(check) || die "$(printf '%s' "$problems" | grep MISSING | paste -sd';')"
    command -v jq >/dev/null || die "MISSING jq: apt-get install jq"
    short=$(short_dir)
    if [ "$short" != "$dir" ]; then ln -sfn "$dir" "$short"; fi
    raise_limit fs.inotify.max_user_instances 8192
    raise_limit kernel.keys.maxkeys 20000
    raise_limit kernel.keys.maxbytes 2000000
    if [ ! -s "$dir/engine.json" ]; then
        seq -f 'm%g' 1 "$1" >"$dir/members"
        free_subnet control >"$dir/control"
        jq -nc --arg bridge "$(bridge_name)" --arg subnet "$(free_subnet)" --arg uplink "$uplink" --arg short "$short" --arg members "$(members)" \
            '($members | split("\n") | map($short + "/" + . + "/unix.socket")) as $sockets
             | {socket: $sockets[0], sockets: $sockets, bridge: $bridge, subnet: $subnet, pool: "relais", uplink: $uplink}' >"$dir/engine.json.new"
        mv "$dir/engine.json.new" "$dir/engine.json"
    fi
    make_links
    make_gateway
    for member in $(members); do member_alive "$member" || start_member "$member"; done
    for member in $(members); do wait_for "$member"; done
    if [ ! -e "$dir/formed" ]; then form; fi
    cat "$dir/engine.json"
}

end_member() { # MEMBER
    local pid tries
    pid=$(member_pid "$1")
    if member_alive "$1"; then kill -9 "$pid"; fi
    for tries in $(seq 1 50); do
        member_alive "$1" || break
        sleep 0.1
    done
    rm -f "$dir/$1.pid"
}

take_member() { # MEMBER [daemon]
    end_member "$1"
    if [ "${2:-}" = daemon ]; then return; fi
    stop_strays "$(short_dir)/$1" "$(bridge_name)-none"
    if [ "$(short_dir)" != "$dir" ]; then stop_strays "$dir/$1" "$(bridge_name)-none"; fi
}

stop() {
    local member pids=() namespace link
    # All at once: what is left of a cluster when most are gone answers nobody.
    for member in $(members); do
        if member_alive "$member" && answers "$member"; then
            LXD_DIR=$(short_dir)/$member timeout 20 lxd shutdown --timeout 10 >/dev/null 2>&1 &
            pids+=($!)
        fi
    done
    if [ ${#pids[@]} -gt 0 ]; then wait "${pids[@]}" || true; fi
    for member in $(members); do take_member "$member"; done
    if [ -s "$dir/names.pid" ]; then kill "$(cat "$dir/names.pid")" 2>/dev/null || true; rm -f "$dir/names.pid"; fi
    unmount_all
    for member in $(members); do
        namespace=$(namespace "$member")
        if [ -e "/run/netns/$namespace" ]; then ip netns del "$namespace"; fi
        for link in "rx$(tag)${member#m}" "ry$(tag)${member#m}"; do ip link del "$link" 2>/dev/null || true; done
    done
    for link in "$(control_bridge)" "$(bridge_name)"; do
        if [ -e "/sys/class/net/$link" ]; then ip link del "$link" || true; fi
    done
    nft delete table ip "relais_$(tag)" 2>/dev/null || true
    if [ "$(short_dir)" != "$dir" ]; then rm -f "$(short_dir)"; fi
}

status() {
    local member
    for member in $(members); do
        if answers "$member"; then
            ask "$member" GET '/1.0/cluster/members?recursion=1' | jq -r '.metadata[] | "\(.server_name) \(.status) \(.message)"'
            return
        fi
    done
    die "no member of the cluster answers"
}

usage() { die "usage: cluster.sh start DIR [MEMBERS] | stop DIR | kill DIR MEMBER [daemon] | revive DIR MEMBER | status DIR"; }

[ -n "$dir" ] || usage
mkdir -p "$dir"
dir=$(cd "$dir" && pwd -P)
export PATH=$PATH:/usr/sbin:/sbin
case "$verb" in
start)
    count=${3:-3}
    case "$count" in [2-9]) ;; *) die "a cluster has 2 to 9 members here, not '$count'" ;; esac
    start "$count"
    ;;
stop) stop ;;
status) status ;;
kill | revive)
    members | grep -qx "${3:-}" || die "no member '${3:-}': there are $(members | paste -sd' ')"
    if [ "$verb" = kill ]; then
        take_member "$3" "${4:-}"
    elif ! member_alive "$3"; then
        start_member "$3"
        wait_for "$3"
    fi
    ;;
*) usage ;;
esac
