#!/bin/sh
# subproject.sh SOURCE: libmomu as a meson subproject of a project that only asks for dependency('momu').
set -u
source=$1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
fail() { echo "$*" >&2; exit 1; }
meson=meson
[ -x /usr/bin/meson ] && meson=/usr/bin/meson
mkdir -p "$work/host/subprojects" && cd "$work/host" || exit 1
mkdir subprojects/momu
(cd "$source" && tar cf - --exclude='./build*' --exclude=./out --exclude=./.git --exclude=./models .) | tar xf - -C subprojects/momu ||
    fail "the sources could not be copied"
cat >main.c <<'END'
#include <momu/momu.h>
#include <stdio.h>
int main(void) {
    puts(momu_version());
    return 0;
}
END
cat >meson.build <<'END'
project('host', 'c', version: '7')
momu = dependency('momu', fallback: ['momu', 'momu_dep'], default_options: ['train=false', 'tools=false', 'tests=false'])
test('links', executable('host', 'main.c', dependencies: momu))
END
env -u PKG_CONFIG_PATH "$meson" setup build --wrap-mode=forcefallback >log 2>&1 || { cat log; fail "meson setup failed"; }
grep -q 'WARNING: Project specifies a minimum' log && cat log
nice "$meson" compile -C build >log 2>&1 || { tail -n 30 log; fail "the project does not build"; }
"$meson" test -C build >log 2>&1 || { cat log; fail "the project's program does not run"; }
