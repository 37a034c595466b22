/* Picks the kernels at run time. Each instruction set is a row of SETS, best first. */
#include "nn/kernels/kernels.h"

typedef struct instruction_set {
    const momui_kernels *kernels;
    bool (*runs_here)(void); /* whether this processor has the instructions */
} instruction_set;

/* The build (lib/nn/meson.build) defines MOMUI_KERNELS_NAME for each set that it compiles. */
#if defined(MOMUI_KERNELS_AVX512)
extern const momui_kernels momui_kernels_avx512;
static bool has_avx512(void) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("fma");
}
#endif
#if defined(MOMUI_KERNELS_AVX2)
extern const momui_kernels momui_kernels_avx2;
static bool has_avx2(void) {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}
#endif
extern const momui_kernels momui_kernels_portable;
static bool always(void) {
    return true;
}

static const instruction_set SETS[] = {
#if defined(MOMUI_KERNELS_AVX512)
    {&momui_kernels_avx512, has_avx512},
#endif
#if defined(MOMUI_KERNELS_AVX2)
    {&momui_kernels_avx2, has_avx2},
#endif
    {&momui_kernels_portable, always},
};

int momui_kernels_all(const momui_kernels **out, int capacity) {
    int count = 0;
#if defined(__x86_64__)
    __builtin_cpu_init();
#endif
    for (size_t i = 0; i < sizeof SETS / sizeof *SETS && count < capacity; i++)
        if (SETS[i].runs_here())
            out[count++] = SETS[i].kernels;
    return count;
}

const momui_kernels *momui_kernels_best(void) {
    const momui_kernels *best = &momui_kernels_portable;
    momui_kernels_all(&best, 1);
    return best;
}
