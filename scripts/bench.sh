# ./relais bench: the benchmarks, beside their peers in the same run. Expects lib.sh, $root and $data.

relais_bench() {
    need_core
    local missing
    missing=$(missing_packages "haproxy:haproxy websockify:websockify")
    if [ -n "$missing" ] && ! install_packages "$missing"; then fail "the benchmarks need: $missing"; fi
    (cd "$root" && dotnet run --project bench/Relais.Gateway.Bench -c Release -p:ArtifactsPath="$data/build" -- "$@")
}
