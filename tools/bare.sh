#!/bin/sh
# Runs a command in a clone of this checkout's HEAD on a Debian 12 that has nothing but apt. What a script forgets to
# install is missing there, as it is for a newcomer.
#
#   sh tools/bare.sh COMMAND...        for example: sh tools/bare.sh sh tools/demo.sh
#
# Needs root, unshare and git; installs mmdebstrap. The first run takes three minutes more than later ones: the bare system
# is kept in BARE_ROOT (/var/tmp/momu-bare). The status is the command's, or 77 where this machine cannot run it.
set -eu
. "$(dirname "$0")/fail.sh"
cache=${BARE_ROOT:-/var/tmp/momu-bare}

cannot() {
    trap - EXIT
    echo "bare.sh: cannot run here: $*"
    exit 77
}

[ $# -gt 0 ] || fail "no command: sh tools/bare.sh COMMAND..."
[ "$(id -u)" -eq 0 ] || cannot "it needs root"
for tool in unshare chroot git; do
    command -v $tool >/dev/null || cannot "there is no $tool"
done
unshare --mount --pid --fork true 2>/dev/null || cannot "unshare may not make namespaces"
if ! command -v mmdebstrap >/dev/null; then
    command -v apt-get >/dev/null || cannot "there is no mmdebstrap, and no apt-get to install it with"
    apt-get update -qq && apt-get install -y -qq --no-install-recommends mmdebstrap >/dev/null || cannot "apt-get cannot install mmdebstrap"
fi

# The mirror and apt's settings are the host's, so that it works wherever apt does. Another system's mirror is no use.
sources=
if [ "$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)" = bookworm ]; then
    sources=/etc/apt/sources.list.d/debian.sources
    [ -f $sources ] || sources=/etc/apt/sources.list
fi
doing "making the bare system $cache/base.tar"
mkdir -p "$cache"
chmod 700 "$cache"
[ -O "$cache" ] || fail "$cache belongs to somebody else"
if [ ! -f "$cache/base.tar" ]; then
    mmdebstrap --variant=apt --quiet --include=ca-certificates bookworm "$cache/part.tar" $sources
    mv "$cache/part.tar" "$cache/base.tar"
fi

doing "unpacking the bare system"
root=$(mktemp -d "$cache/run.XXXXXX")
# Nothing is mounted there any more once unshare is back.
trap 'status=$?; rm -rf --one-file-system "$root"; [ $status -eq 0 ] || echo "bare.sh: status $status while $doing" >&2' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
chmod 755 "$root"
tar xf "$cache/base.tar" -C "$root"
for file in /etc/apt/apt.conf.d/*; do
    case $file in
    *packagekit* | *appstream* | *'/*') ;; # hooks of programs that are not there
    *) cp "$file" "$root/etc/apt/apt.conf.d/" ;;
    esac
done
[ ! -f /etc/resolv.conf ] || cp /etc/resolv.conf "$root/etc/resolv.conf"
doing "cloning this checkout"
git clone -q "$(git -C "$(dirname "$0")/.." rev-parse --show-toplevel)" "$root/root/libmomu"

# Inside there is no more environment than on a new machine, but for proxies.
cat >"$root/inside" <<'INSIDE'
#!/bin/sh
cd /root/libmomu && exec "$@"
INSIDE
cat >"$root/outside" <<'OUTSIDE'
root=$1
shift
mount -t proc proc "$root/proc" && mount --rbind /dev "$root/dev" || { echo "bare.sh: cannot mount /proc and /dev" >&2; exit 77; }
for name in http_proxy https_proxy no_proxy CI; do
    eval "value=\${$name:-}"
    [ -z "$value" ] || set -- "$name=$value" "$@"
done
exec chroot "$root" /usr/bin/env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 "$@"
OUTSIDE
doing "running: $*"
unshare --mount --pid --fork --kill-child sh "$root/outside" "$root" sh /inside "$@"
