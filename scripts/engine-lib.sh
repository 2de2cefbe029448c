# What one engine and a cluster of them have in common. Expects $dir, the absolute directory.

die() {
    echo "$*" >&2
    exit 1
}

# Unix socket paths end at 107 bytes, and LXD adds to its directory: a long one is reached by a short link.
short_dir() {
    if [ "${#dir}" -le 70 ]; then
        printf '%s' "$dir"
    else
        printf '/run/relais-%s' "$(printf '%s' "$dir" | sha256sum | cut -c1-10)"
    fi
}

# Bridge and subnet follow from the directory, so that a running product and a test keep apart.
bridge_name() { printf 'rl%s' "$(printf '%s' "$dir" | sha256sum | cut -c1-8)"; }

free_subnet() { # [WORD]: another one for each word
    local try block
    for try in 0 1 2 3 4 5 6 7 8 9; do
        block=$((16#$(printf '%s%s%s' "$dir" "${1:-}" "$try" | sha256sum | cut -c1-6) % 12288))
        # 10.64.0.0 to 10.255.252.0 in blocks of 1,022 addresses.
        local net=10.$((64 + block / 64)).$(((block % 64) * 4))
        if ! ip -4 route show to match "$net.1" table all | grep -qvE '^default'; then
            printf '%s.0/22' "$net"
            return
        fi
    done
    die "no free private network was found for the desktops: every one tried has a route already"
}

raise_limit() { # SYSCTL VALUE: only upwards
    local path=/proc/sys/${1//.//}
    if [ "$(cat "$path" 2>/dev/null || echo "$2")" -lt "$2" ] && ! { echo "$2" >"$path"; } 2>/dev/null; then
        echo "could not raise $1 to $2: about 11 desktops fit until it is" >&2
    fi
}

check() {
    local bad=0 tool package pair
    if [ "$(id -u)" != 0 ]; then
        echo "MISSING root: desktops need it (sudo ./relais up)"
        bad=1
    fi
    for pair in lxd:lxd lxc:lxd-client mkfs.btrfs:btrfs-progs dnsmasq:dnsmasq-base nft:nftables debootstrap:debootstrap mksquashfs:squashfs-tools ip:iproute2; do
        tool=${pair%%:*} package=${pair#*:}
        PATH=$PATH:/usr/sbin:/sbin command -v "$tool" >/dev/null || {
            echo "MISSING $tool: apt-get install --no-install-recommends $package"
            bad=1
        }
    done
    if [ ! -e /dev/loop-control ]; then
        echo "MISSING loop devices: this machine (a container?) can't hold the desktops' storage"
        bad=1
    fi
    if ! grep -qE '\bbtrfs\b' /proc/filesystems && ! PATH=$PATH:/usr/sbin:/sbin modprobe btrfs 2>/dev/null; then
        echo "MISSING btrfs in the kernel: the desktops' storage needs it"
        bad=1
    fi
    # It keeps a desktop from taking another one's address. A kernel that has it built in has no such module to load.
    if [ ! -d /proc/sys/net/bridge ] && ! PATH=$PATH:/usr/sbin:/sbin modprobe br_netfilter 2>/dev/null; then
        echo "MISSING br_netfilter in the kernel: desktops can't be kept from each other's addresses without it"
        bad=1
    fi
    if [ ! -d /sys/fs/cgroup ] || [ ! -w /sys/fs/cgroup ]; then
        echo "MISSING writable control groups at /sys/fs/cgroup: this machine can't confine desktops"
        bad=1
    fi
    if [ "$bad" = 0 ]; then
        echo "ok desktops engine"
        if [ "$(cat /proc/sys/fs/inotify/max_user_instances)" -lt 1024 ] && [ ! -w /proc/sys/fs/inotify/max_user_instances ]; then
            echo "note fs.inotify.max_user_instances is $(cat /proc/sys/fs/inotify/max_user_instances): about 11 desktops fit; sysctl -w fs.inotify.max_user_instances=8192"
        fi
        if [ ! -d /sys/kernel/security/apparmor ]; then echo "note no AppArmor in this kernel: desktops are confined by user namespaces and seccomp alone"; fi
    fi
    return "$bad"
}

# Containers outlive a daemon that was killed; so do its helpers.
stop_strays() { # SHORT BRIDGE
    local short=$1 bridge=$2 line pid
    while read -r pid line; do
        case "$line" in
        "[lxc monitor] $dir/"* | "[lxc monitor] $short/"* | *dnsmasq*" --interface=$bridge "* | *"lxd fork"*" $dir/"* | *"lxd fork"*" $short/"*)
            # A monitor's child is the container's first process: all in it ends with it.
            pkill -9 -P "$pid" 2>/dev/null || true
            kill -9 "$pid" 2>/dev/null || true
            ;;
        esac
    done < <(ps -eo pid=,args=)
}

unmount_all() {
    local tries mounted path loop
    # Mounts lie on mounts: several rounds.
    for tries in 1 2 3 4 5; do
        mounted=$(awk -v dir="$dir/" 'index($2, dir) == 1 {print $2}' /proc/self/mounts | sort -r)
        [ -n "$mounted" ] || break
        while read -r path; do umount -l "$path" 2>/dev/null || true; done <<<"$mounted"
        [ "$tries" = 1 ] || sleep 0.2
    done
    for loop in $(losetup -n -O NAME,BACK-FILE 2>/dev/null | awk -v dir="$dir/" 'index($2, dir) == 1 {print $1}'); do
        losetup -d "$loop" 2>/dev/null || true
    done
}

# What LXD wrote into its tables for our bridge, and filters of interfaces that are gone.
remove_rules() { # BRIDGE
    local family chain interface chains=()
    while read -r family chain; do chains+=("$family $chain"); done < <(nft list chains 2>/dev/null | awk -v bridge=".$1" '
        $1 == "table" {family = $2; table = $3}
        $1 == "chain" && table == "lxd" && substr($2, length($2) - length(bridge) + 1) == bridge {print family, $2}')
    while read -r chain interface; do
        [ -e "/sys/class/net/$interface" ] || chains+=("bridge $chain")
    done < <(nft list table bridge lxd 2>/dev/null | awk '$1 == "chain" {chain = $2} $1 == "iifname" {gsub(/"/, "", $2); print chain, $2}' | sort -u)
    # Chains jump to each other: empty all of them before the first one goes.
    for chain in "${chains[@]}"; do nft flush chain "${chain% *}" lxd "${chain#* }" 2>/dev/null || true; done
    for chain in "${chains[@]}"; do nft delete chain "${chain% *}" lxd "${chain#* }" 2>/dev/null || true; done
    for family in inet ip ip6 bridge; do
        # The table goes when nothing else is in it.
        if nft list table "$family" lxd >/dev/null 2>&1 && ! nft list table "$family" lxd | grep -q chain; then
            nft delete table "$family" lxd 2>/dev/null || true
        fi
    done
}
