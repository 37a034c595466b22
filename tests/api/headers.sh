#!/bin/sh
# headers.sh CC CXX INCLUDE SOURCE: every public header compiles by itself as C99 and as C++17 under -Wpedantic.
# CXX may be "none".
set -u
cc=$1 cxx=$2 include=$3 source=$4
failed=0
for header in "$include"/momu/*.h; do
    name="<momu/$(basename "$header")>"
    $cc -std=c99 -Wall -Wextra -Wpedantic -Werror -fsyntax-only "-DHEADER=$name" -I"$include" "$source" || failed=1
    [ "$cxx" = none ] ||
        $cxx -x c++ -std=c++17 -Wall -Wextra -Wpedantic -Werror -fsyntax-only "-DHEADER=$name" -I"$include" "$source" ||
        failed=1
done
exit $failed
