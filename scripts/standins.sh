# The sample institute's office: a workstation (RDP with network level authentication) and an SSH server, real programs on loopback
# addresses of their own. Dropbear, because the package of OpenSSH's server would open port 22 of this machine.
# Expects lib.sh, $root and $data.

standin_needs='Xvfb:xvfb freerdp-shadow-cli:freerdp2-shadow-x11 xterm:xterm dropbear:dropbear-bin dropbearkey:dropbear-bin unshare:util-linux'
standin_workstation=127.0.7.1
standin_server=127.0.7.2

# Starts both and writes $data/standins/standins.json; says why where that can't be.
standins_start() {
    local folder=$data/standins missing
    missing=$(missing_packages "$standin_needs")
    if ! is_root; then
        step "sample office machines: not here, they need root"
        return
    fi
    if [ -n "$missing" ] && ! install_packages "$missing"; then
        step "sample office machines: not here, they need $missing"
        return
    fi
    mkdir -p "$folder/home" "$folder/server"
    # The sample server's account goes through it to its home, and lists nothing.
    chmod 711 "$folder"
    [ -s "$folder/password" ] || (umask 077 && openssl rand -hex 8 >"$folder/password")
    [ -s "$folder/ports" ] || echo "$(free_port) $(free_port)" >"$folder/ports"
    local password rdp ssh
    password=$(cat "$folder/password")
    read -r rdp ssh <"$folder/ports"
    standin_alive workstation || standin_workstation_start "$folder" "$password" "$rdp"
    standin_alive server || standin_server_start "$folder" "$password" "$ssh"
    (
        umask 077
        jq -n --arg password "$password" --arg workstation "$standin_workstation" --arg server "$standin_server" --argjson rdp "$rdp" --argjson ssh "$ssh" '[
          {name: "Poste du siège (exemple)", protocol: "Rdp", host: $workstation, port: $rdp, people: ["employe1", "informatique1"],
           groups: ["Siège", "Informatique"], account: "poste", password: $password},
          {name: "Serveur de calcul (exemple)", protocol: "Ssh", host: $server, port: $ssh, people: ["chercheur1", "informatique1"],
           groups: ["Études", "Informatique"], account: "calcul", password: $password}
        ]' >"$folder/standins.json"
    )
    step "sample office machines: a workstation and a server"
}

standin_workstation_start() { # FOLDER PASSWORD PORT
    local folder=$1 hash display
    # NTLM knows a password by the MD4 of its UTF-16.
    hash=$(printf '%s' "$2" | iconv -t UTF-16LE | openssl dgst -md4 -provider legacy -provider default -r | cut -d' ' -f1)
    (umask 077 && printf 'poste:::%s:::\n' "$hash" >"$folder/accounts")
    rm -f "$folder/display"
    standin_run workstation-screen Xvfb -displayfd 3 -screen 0 1280x800x24 -nolisten tcp -auth /dev/null 3>"$folder/display"
    standin_until test -s "$folder/display" || return 0
    display=:$(cat "$folder/display")
    DISPLAY=$display HOME=$folder/home standin_run workstation-program xterm -geometry 120x40+40+40 -fa Monospace -fs 13 -bg '#18324a' -fg white \
        -title 'Poste du siège' -e bash --norc -c 'printf "Poste du siège (exemple)\n\nCe poste est resté au bureau. Seule son image voyage.\n\n"; PS1="poste$ " exec bash --norc -i'
    DISPLAY=$display HOME=$folder/home standin_run workstation freerdp-shadow-cli "/port:$3" "/bind-address:$standin_workstation" /sec:nla "/sam-file:$folder/accounts"
    standin_until standin_listens "$standin_workstation" "$3" || return 0
}

standin_server_start() { # FOLDER PASSWORD PORT
    local folder=$1/server
    [ -s "$folder/host_key" ] || dropbearkey -t ed25519 -f "$folder/host_key" >/dev/null 2>&1
    mkdir -p "$folder/home"
    # An account that exists in the server's own view of the machine only.
    grep -v '^calcul:' /etc/passwd >"$folder/passwd"
    printf 'calcul:x:64321:64321:Serveur de calcul:%s/home:/bin/bash\n' "$folder" >>"$folder/passwd"
    (umask 077 && grep -v '^calcul:' /etc/shadow >"$folder/shadow" && printf 'calcul:%s:20000::::::\n' "$(openssl passwd -6 "$2")" >>"$folder/shadow")
    chown 64321:64321 "$folder/home"
    chmod 711 "$folder"
    # shellcheck disable=SC2016
    LANG=C.UTF-8 standin_run server unshare --mount sh -c 'mount --bind "$1/passwd" /etc/passwd && mount --bind "$1/shadow" /etc/shadow && exec "$2" -F -E -m -w -j -k -r "$1/host_key" -p "$3"' \
        sh "$folder" "$(PATH=$PATH:/usr/sbin command -v dropbear)" "$standin_server:$3"
    standin_until standin_listens "$standin_server" "$3" || return 0
}

standin_run() { # NAME PROGRAM...
    local name=$1
    shift
    RELAIS_STANDIN=$data nohup setsid "$@" >>"$data/log/standin-$name.log" 2>&1 </dev/null 8>&- 9>&- &
    echo $! >"$data/standins/$name.pid"
}

standin_until() { # CONDITION...
    local tries
    for tries in $(seq 1 100); do
        if "$@" 2>/dev/null; then return; fi
        sleep 0.1
    done
    step "sample office machines: one does not answer, see $data/log/standin-*.log"
    return 1
}

standin_listens() { (exec 4<>"/dev/tcp/$1/$2") 2>/dev/null; }

standin_alive() { # NAME
    local pid
    pid=$(cat "$data/standins/$1.pid" 2>/dev/null || true)
    alive "$pid" && grep -qz "^RELAIS_STANDIN=$data\$" "/proc/$pid/environ" 2>/dev/null
}

standins_stop() {
    local file name
    for file in "$data"/standins/*.pid; do
        [ -e "$file" ] || continue
        name=$(basename "$file" .pid)
        # Each leads a session of its own: what it started goes with it.
        if standin_alive "$name"; then kill -- "-$(cat "$file")" 2>/dev/null || true; fi
        rm -f "$file"
    done
}
