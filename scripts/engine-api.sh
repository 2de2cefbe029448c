# Sourced: the engine's REST API by curl. Expects $engine_json (the file that engine.sh start writes).

engine_get() { jq -r ".$1" "$engine_json"; }

api() { # METHOD PATH [JSON]: prints the metadata; an operation is waited for; fails with the engine's own words
    local answer operation
    answer=$(curl -sS --unix-socket "$(engine_get socket)" -X "$1" ${3:+-H 'Content-Type: application/json' -d "$3"} "http://engine$2")
    operation=$(jq -r 'if .type == "async" then .operation else "" end' <<<"$answer")
    if [ -n "$operation" ]; then
        # The answer is 200 even when the operation failed: its own status tells.
        answer=$(curl -sS --unix-socket "$(engine_get socket)" "http://engine$operation/wait?timeout=120")
        if [ "$(jq -r '.metadata.status_code' <<<"$answer")" != 200 ]; then
            jq -r '"\(.metadata.err // .error)"' <<<"$answer" >&2
            return 1
        fi
    fi
    if [ "$(jq -r .type <<<"$answer")" = error ]; then
        jq -r '"\(.error_code) \(.error)"' <<<"$answer" >&2
        return 1
    fi
    jq -c .metadata <<<"$answer"
}

api_has() { api GET "$1" >/dev/null 2>&1; }

push_file() { # INSTANCE PATH MODE <content
    curl -sS --fail-with-body --unix-socket "$(engine_get socket)" -X POST -H 'Content-Type: application/octet-stream' \
        -H 'X-LXD-uid: 0' -H 'X-LXD-gid: 0' -H "X-LXD-mode: $3" -H 'X-LXD-type: file' --data-binary @- \
        "http://engine/1.0/instances/$1/files?path=$2" >/dev/null
}

import_image() { # FOLDER: prints the fingerprint
    local fingerprint
    fingerprint=$(cat "$1/metadata.tar.xz" "$1/rootfs.squashfs" | sha256sum | cut -d' ' -f1)
    if ! api_has "/1.0/images/$fingerprint"; then
        local operation
        operation=$(curl -sS --unix-socket "$(engine_get socket)" -X POST -F "metadata=@$1/metadata.tar.xz;type=application/octet-stream" \
            -F "rootfs=@$1/rootfs.squashfs;type=application/octet-stream" http://engine/1.0/images | jq -r .operation)
        api GET "$operation/wait?timeout=120" >/dev/null
    fi
    printf '%s\n' "$fingerprint"
}

# The host's address on the bridge, and a desktop's: number 0 and up.
host_address() { engine_get subnet | sed 's#\.[0-9]*/.*#.1#'; }
desktop_address() { engine_get subnet | sed "s#\.[0-9]*/.*#.$((10 + $1))#"; }

setup_engine() { # BUNDLE: pool, network and rules
    local host bridge pool
    host=$(host_address) bridge=$(engine_get bridge) pool=$(engine_get pool)
    api_has "/1.0/storage-pools/$pool" || api POST /1.0/storage-pools \
        "$(jq -n --arg name "$pool" '{name: $name, driver: "btrfs", config: {size: "30GiB"}}')" >/dev/null
    api_has "/1.0/network-acls/relais-$1" || api POST /1.0/network-acls "$(jq -n --arg name "relais-$1" --arg host "$host/32" '
        {name: $name,
         ingress: [{action: "allow", state: "enabled", protocol: "tcp", source: $host, destination_port: "3389"}],
         egress: ([{action: "allow", state: "enabled", destination: $host, protocol: ("udp", "tcp"), destination_port: "53"}]
           + [{action: "reject", state: "enabled", destination: ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10")}]
           + [{action: "allow", state: "enabled", protocol: "tcp", destination_port: "80,443"}])}')" >/dev/null
    api_has "/1.0/networks/$bridge" || api POST /1.0/networks \
        "$(jq -n --arg name "$bridge" --arg acl "relais-$1" --arg address "$host/$(engine_get subnet | cut -d/ -f2)" '{name: $name, type: "bridge", config: {
            "ipv4.address": $address, "ipv4.nat": "true", "ipv4.firewall": "true", "ipv6.address": "none", "dns.mode": "managed",
            "security.acls": $acl, "security.acls.default.ingress.action": "drop", "security.acls.default.egress.action": "reject"}}')" >/dev/null
}

create_desktop() { # NAME NUMBER FINGERPRINT
    local pool
    pool=$(engine_get pool)
    api_has "/1.0/storage-pools/$pool/volumes/custom/home-$1" ||
        api POST "/1.0/storage-pools/$pool/volumes/custom" "{\"name\":\"home-$1\",\"config\":{\"size\":\"1GiB\"}}" >/dev/null
    api POST /1.0/instances "$(jq -n --arg name "$1" --arg address "$(desktop_address "$2")" --arg image "$3" \
        --arg pool "$pool" --arg bridge "$(engine_get bridge)" '
        {name: $name, type: "container", source: {type: "image", fingerprint: $image}, profiles: [],
         config: {"user.relais.desktop": $name, "limits.memory": "1500MiB", "limits.memory.swap": "false", "limits.cpu": "2",
           "limits.processes": "600", "security.nesting": "false", "security.privileged": "false", "security.devlxd": "false",
           "boot.autostart": "false"},
         devices: {root: {type: "disk", path: "/", pool: $pool},
           home: {type: "disk", path: "/home", pool: $pool, source: ("home-" + $name)},
           eth0: {type: "nic", name: "eth0", network: $bridge, "ipv4.address": $address,
             "security.mac_filtering": "true", "security.ipv4_filtering": "true", "security.ipv6_filtering": "true",
             "security.port_isolation": "true"}}}')" >/dev/null
}

describe_desktop() { # NAME NUMBER PASSWORD
    printf '%s\n' USER=bureau "PASSWORD=$3" LANG=fr_FR.UTF-8 XKB_LAYOUT=fr XKB_VARIANT=oss TIMEZONE=Europe/Paris \
        "ADDRESS=$(desktop_address "$2")/$(engine_get subnet | cut -d/ -f2)" "GATEWAY=$(host_address)" |
        push_file "$1" /etc/relais/desktop.conf 0600
}

act() { # NAME start|stop|freeze|unfreeze [force]
    api PUT "/1.0/instances/$1/state" "{\"action\":\"$2\",\"force\":${3:-false},\"timeout\":15}" >/dev/null
}
