# What building and testing needs of Debian 12 (bookworm); to be sourced. need_packages [MORE...] installs what is missing.
need_packages() {
    packages="build-essential meson ninja-build pkg-config libopenblas-dev libsndfile1-dev libfftw3-dev
        zlib1g-dev libsoxr-dev libcjson-dev libfluidsynth-dev libcmocka-dev $*"
    missing=
    for package in $packages; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $package"
    done
    [ -z "$missing" ] && return 0
    echo "Installing$missing"
    sudo=
    [ "$(id -u)" -eq 0 ] || sudo=sudo
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get update -qq &&
        $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
}

# Debian's own meson, where there are several.
meson=meson
[ -x /usr/bin/meson ] && meson=/usr/bin/meson
