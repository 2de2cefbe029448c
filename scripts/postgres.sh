# A private PostgreSQL cluster under a directory, on a loopback port of its own. Expects lib.sh.

# PostgreSQL refuses root, so root runs it as user 'postgres'. That user may not enter the folders above (a clone in
# /root, say): then it sees the directory at /mnt, in a mount namespace that ends with the process.
postgres_run() { # DIR COMMAND...: "@" in an argument stands for DIR
    local dir=$1 seen=$1 drop=()
    shift
    if is_root; then
        drop=(setpriv --reuid=postgres --regid=postgres --clear-groups --inh-caps=-all)
        if ! "${drop[@]}" test -x "$dir"; then seen=/mnt; fi
    fi
    local arguments=("${@//@/$seen}")
    if [ "$seen" = "$dir" ]; then
        (cd "$dir" && "${drop[@]}" "${arguments[@]}")
    else
        unshare --mount --propagation private bash -c 'mount --bind "$1" /mnt && cd /mnt && shift && exec "$@"' bash "$dir" "${drop[@]}" "${arguments[@]}"
    fi
}

# Without just-in-time compilation: our statements take milliseconds, and compiling one would take more.
postgres_start() { # DIR: starts the cluster, made if absent
    local dir=$1 bin
    bin=$(postgres_bin)
    mkdir -p "$dir"
    if is_root; then chown postgres "$dir"; fi
    chmod 700 "$dir"
    # The version file comes early in initdb: this mark comes last, so that a killed initdb is made again.
    if [ ! -e "$dir/made" ]; then
        rm -rf "$dir/cluster"
        openssl rand -base64 24 >"$dir/password"
        chmod 600 "$dir/password"
        if is_root; then chown postgres "$dir/password"; fi
        postgres_run "$dir" "$bin/initdb" -D @/cluster -U relais -A scram-sha-256 --pwfile=@/password -E UTF8 --locale=C.UTF-8 >"$dir/initdb.log" 2>&1 ||
            fail "PostgreSQL could not make its cluster: $(tail -n 2 "$dir/initdb.log")"
        free_port >"$dir/port"
        touch "$dir/made"
    fi
    if ! postgres_run "$dir" "$bin/pg_ctl" -D @/cluster status >/dev/null 2>&1; then
        postgres_run "$dir" "$bin/pg_ctl" -D @/cluster -l @/postgres.log -w -t 60 \
            -o "-p $(cat "$dir/port") -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=300 -c jit=off ${postgres_options:-}" start >/dev/null 2>&1 </dev/null ||
            fail "PostgreSQL did not start: $(tail -n 3 "$dir/postgres.log")"
    fi
    # Already there: fine.
    PGPASSWORD=$(cat "$dir/password") "$bin/createdb" -h 127.0.0.1 -p "$(cat "$dir/port")" -U relais relais >/dev/null 2>&1 || true
}

postgres_stop() { # DIR
    if [ -e "$1/made" ]; then
        postgres_run "$1" "$(postgres_bin)/pg_ctl" -D @/cluster -m fast -w stop >/dev/null 2>&1 || true
    fi
}

postgres_connection() { # DIR DATABASE
    printf 'Host=127.0.0.1;Port=%s;Username=relais;Password=%s;Database=%s' "$(cat "$1/port")" "$(cat "$1/password")" "$2"
}
