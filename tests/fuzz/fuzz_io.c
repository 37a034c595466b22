/* The target for libFuzzer; MOMU_FUZZ_KIND is "json", "safetensors", "sound" or "motion":
 *
 *   meson setup -Dfuzzing=true (with CC=clang) builds it; or by hand:
 *   clang -g -O1 -fsanitize=fuzzer,address,undefined -DMOMU_FUZZ_KIND='"motion"' -Ilib -Iinclude
 * -Itests/fuzz -D_POSIX_C_SOURCE=200809L tests/fuzz/fuzz_io.c lib/base/(*).c lib/motion/(*).c
 * lib/io/(*).c -lsndfile -lz -lcjson -lm -o fuzz_motion
 *   ./fuzz_motion found tests/fuzz/corpus/bvh tests/fuzz/corpus/glb tests/fuzz/corpus/npz
 */
#include "replay.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size) {
    if (!replay(MOMU_FUZZ_KIND, data, size))
        abort();
    return 0;
}
