#!/bin/sh
# headers.sh CC CXX INCLUDE SOURCE: every public header compiles by itself as C99, C11 and C++17 under -Wpedantic, its
# structs have no hidden padding on 64-bit systems, and no result that must be looked at can be ignored in silence.
# CXX may be "none".
set -u
cc=$1 cxx=$2 include=$3 source=$4
failed=0
for header in "$include"/momu/*.h; do
    name="<momu/$(basename "$header")>"
    for standard in c99 c11; do
        $cc -std=$standard -Wall -Wextra -Wpedantic -Wpadded -Werror -fsyntax-only "-DHEADER=$name" -I"$include" "$source" || failed=1
    done
    for define in MOMU_STATIC MOMU_BUILDING; do
        $cc -std=c99 -Wall -Wextra -Wpedantic -Werror -fsyntax-only "-D$define" "-DHEADER=$name" -I"$include" "$source" || failed=1
    done
    [ "$cxx" = none ] ||
        $cxx -x c++ -std=c++17 -Wall -Wextra -Wpedantic -Werror -fsyntax-only "-DHEADER=$name" -I"$include" "$source" ||
        failed=1
done

# compiles COMPILER FLAGS TEXT
compiles() {
    printf '#include <momu/momu.h>\n%s\n' "$3" | $1 $2 -Wall -Werror -c -o /dev/null -I"$include" - 2>/dev/null
}
kept='int f(void); int f(void) { return momu_context_create(0, 0, 0) != MOMU_OK; }'
ignored='int f(void); int f(void) { momu_context_create(0, 0, 0); return 0; }'
compiles "$cc" "-x c -std=c99" "$kept" || { echo "a result that is looked at is refused in C" >&2; failed=1; }
compiles "$cc" "-x c -std=c99" "$ignored" && { echo "an ignored result goes unnoticed in C" >&2; failed=1; }
if [ "$cxx" != none ]; then
    compiles "$cxx" "-x c++ -std=c++17" "$kept" || { echo "a result that is looked at is refused in C++" >&2; failed=1; }
    compiles "$cxx" "-x c++ -std=c++17" "$ignored" && { echo "an ignored result goes unnoticed in C++" >&2; failed=1; }
    compiles "$cxx" "-x c++ -std=c++17" \
        'static_assert(sizeof(momu_sampler) == 4 && sizeof(momu_status) == 4, ""); momu_genre g = MOMU_GENRE_HOUSE;' ||
        { echo "enums are not of 32 bits in C++" >&2; failed=1; }
    compiles "$cxx" "-x c++ -std=c++17" 'momu_sampler s = MOMU_GENRE_HOUSE;' &&
        { echo "C++ mixes up two enums" >&2; failed=1; }
fi
compiles "$cc" "-x c -std=c99" '#if !MOMU_VERSION_AT_LEAST(0, 1, 0) || MOMU_VERSION_AT_LEAST(999, 0, 0)
#error version
#endif' || { echo "MOMU_VERSION_AT_LEAST is wrong" >&2; failed=1; }
exit $failed
