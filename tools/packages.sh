# What building and testing needs of Debian 12 (bookworm); to be sourced. need_packages [MORE...] installs what is missing.
# meson is the command to build with.
need_packages() {
    packages="build-essential meson ninja-build pkg-config libopenblas-dev libsndfile1-dev libfftw3-dev
        zlib1g-dev libsoxr-dev libcjson-dev libfluidsynth-dev libcmocka-dev $*"
    install_missing || return 1
    choose_meson
}

# Debian's own meson, where there are several.
choose_meson() {
    if [ -x /usr/bin/meson ]; then meson=/usr/bin/meson; else meson=meson; fi
}
choose_meson

install_missing() {
    if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
        echo "There is no apt-get here to install what is needed with: $(echo $packages)" >&2
        return 1
    fi
    missing=
    for package in $packages; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    sudo=
    if [ "$(id -u)" -ne 0 ]; then
        sudo=sudo
        command -v sudo >/dev/null || { echo "Neither root nor sudo: have these installed first:$missing" >&2; return 1; }
    fi
    echo "Installing$missing"
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get update -qq ||
        { echo "apt-get update failed: is there a network?" >&2; return 1; }
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null ||
        { echo "apt-get could not install:$missing" >&2; return 1; }
}
