#!/usr/bin/env bash
# Builds the image of a bundle, unless the user's cache already has it. The last line printed is the image's folder.
#   build-image.sh BUNDLE_DIR
set -euo pipefail

bundle=$(cd "${1:?usage: build-image.sh BUNDLE_DIR}" && pwd)
script=$(readlink -f "${BASH_SOURCE[0]}")
cache=${XDG_CACHE_HOME:-$HOME/.cache}/relais/images
name=$(jq -r .name "$bundle/bundle.json")

# The image is named by all that it is made from, but not by limits and titles, which are no part of it.
made_of() {
    jq -cS '{base, packages, locales}' "$bundle/bundle.json"
    sha256sum <"$script"
    # Of the modes only what git keeps: whether a file can be run.
    (cd "$bundle/overlay" && find . -type f -perm -u+x | sort && find . -type f -print0 | sort -z | xargs -0 sha256sum)
}
image=$cache/$name-$(made_of | sha256sum | cut -c1-16)

done_already() { [ -s "$image/rootfs.squashfs" ] && [ -s "$image/metadata.tar.xz" ]; }
if done_already; then
    echo "$image"
    exit 0
fi

[ "$(id -u)" = 0 ] || { echo "building an image needs root" >&2; exit 1; }
mkdir -p "$cache"
exec 7>"$cache/$name.lock"
flock -n 7 || { echo "another build of $name is running: waiting for it" && flock 7; }
if done_already; then
    echo "$image"
    exit 0
fi

work=$cache/$name.build
root=$work/rootfs
started=$SECONDS
step() { printf '[%3d s] %d/6 %s\n' "$((SECONDS - started))" "$1" "$2"; }

# A build that was killed leaves its mounts behind.
clear_work() {
    local mounted
    for mounted in "$root/proc" "$root/sys" "$root/dev/pts" "$root/dev" "$work"; do
        if mountpoint -q "$mounted"; then umount -l "$mounted"; fi
    done
    rm -rf --one-file-system "$work"
}
clear_work
trap clear_work EXIT
mkdir -p "$work"
# Thousands of small files are written, and each package waits for the disk: in memory when there is plenty.
if [ "$(awk '$1 == "MemAvailable:" {print $2}' /proc/meminfo)" -gt 8000000 ]; then
    mount -t tmpfs -o size=5g,mode=755 relais-image "$work"
fi
mkdir -p "$root"

release=$(jq -r .base.release "$bundle/bundle.json")
log=$cache/$name.log
quietly() { "$@" >>"$log" 2>&1 7>&- || { echo "failed: $1. The end of $log:" >&2 && tail -n 15 "$log" >&2 && exit 1; }; }
: >"$log"

step 1 "base system ($release)"
quietly debootstrap --variant=minbase --include=systemd,systemd-sysv,dbus,ca-certificates,locales "$release" "$root"

step 2 "packages ($(jq '.packages | length' "$bundle/bundle.json"))"
mkdir -p "$root/etc/dpkg/dpkg.cfg.d" "$root/usr/sbin"
cat >"$root/etc/dpkg/dpkg.cfg.d/relais" <<'DPKG'
path-exclude=/usr/share/doc/*
path-include=/usr/share/doc/*/copyright
path-exclude=/usr/share/man/*
path-exclude=/usr/share/info/*
force-unsafe-io
DPKG
# No service may start inside the build.
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"
# Names and proxies are resolved as on the host, for the time of the build.
cp /etc/resolv.conf "$root/etc/resolv.conf" 2>/dev/null || true
apt-config dump Acquire >"$root/etc/apt/apt.conf.d/99host"
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
in_root() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive http_proxy="${http_proxy:-}" "$@"; }
quietly in_root apt-get update -qq
mapfile -t packages < <(jq -r '.packages[]' "$bundle/bundle.json")
quietly in_root apt-get install -y -qq --no-install-recommends "${packages[@]}"

step 3 "languages"
jq -r '.locales[]' "$bundle/bundle.json" | sed 's/$/ UTF-8/' >"$root/etc/locale.gen"
quietly in_root locale-gen

step 4 "settings"
cp -a "$bundle/overlay/." "$root/"
# Owners and modes do not depend on who cloned with which umask.
(cd "$bundle/overlay" && find . -mindepth 1 -print0) | (cd "$root" && xargs -0 chown -h root:root)
(cd "$bundle/overlay" && find . -mindepth 1 -print0) | (cd "$root" && xargs -0 chmod u=rwX,go=rX)
# Where the server puts the desktop's own settings.
install -d -m 700 "$root/etc/relais"
quietly in_root systemctl enable relais-prepare.service relais-keys.service relais-session.service xrdp.service xrdp-sesman.service
# The printer wakes at its socket when something is printed, and costs nothing before.
if [ -e "$root/usr/sbin/cupsd" ]; then
    quietly in_root systemctl disable cups.service cups.path
    quietly in_root systemctl enable cups.socket
fi
# A container has no devices, kernel or network of its own to look after, and every unit delays the first picture.
for unit in systemd-udevd.service systemd-udevd-control.socket systemd-udevd-kernel.socket systemd-udev-trigger.service \
    systemd-networkd.service systemd-networkd.socket systemd-networkd-wait-online.service systemd-network-generator.service \
    systemd-modules-load.service modprobe@.service systemd-sysctl.service systemd-sysusers.service systemd-binfmt.service \
    systemd-update-utmp.service systemd-update-utmp-runlevel.service systemd-journal-flush.service systemd-logind.service \
    sys-kernel-config.mount sys-kernel-debug.mount sys-kernel-tracing.mount sys-fs-fuse-connections.mount dev-mqueue.mount dev-hugepages.mount \
    proc-sys-fs-binfmt_misc.automount getty.target console-getty.service \
    e2scrub_reap.service e2scrub_all.timer apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer fstrim.timer; do
    ln -sf /dev/null "$root/etc/systemd/system/$unit"
done
rm -f "$root/etc/fstab"

step 5 "cleaning"
# Keys and identities that the packages made are every desktop's own affair.
rm -f "$root"/etc/xrdp/*.pem "$root/etc/xrdp/rsakeys.ini" "$root"/etc/ssh/ssh_host_* "$root/usr/sbin/policy-rc.d" "$root/etc/resolv.conf" \
    "$root/etc/apt/apt.conf.d/99host"
: >"$root/etc/machine-id"
# Nor the name of the machine that built it: a desktop is called as its instance is.
rm -f "$root/var/lib/dbus/machine-id" "$root/etc/hostname"
rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/var/log/* "$root"/tmp/*
umount "$root/proc" "$root/dev"

step 6 "packing"
mkdir -p "$work/out" "$work/metadata"
quietly mksquashfs "$root" "$work/out/rootfs.squashfs" -comp zstd -Xcompression-level 6 -noappend -no-progress
cat >"$work/metadata/metadata.yaml" <<YAML
architecture: x86_64
creation_date: $(date +%s)
properties:
  description: $name
  os: debian
  release: $release
YAML
tar -C "$work/metadata" -cJf "$work/out/metadata.tar.xz" metadata.yaml
# Beside its place first: the last step is one rename.
rm -rf "$image.new"
cp -a "$work/out" "$image.new"
sync -f "$image.new"
mv -T "$image.new" "$image"
printf '[%3d s] done: %s\n' "$((SECONDS - started))" "$(du -sh "$image" | cut -f1)"
echo "$image"
