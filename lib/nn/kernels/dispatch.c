#include "nn/kernels/kernels.h"

extern const momui_kernels momui_kernels_portable;
#if defined(MOMUI_X86_KERNELS)
extern const momui_kernels momui_kernels_avx2, momui_kernels_avx512;
#endif

int momui_kernels_all(const momui_kernels **out, int capacity) {
    int count = 0;
#if defined(MOMUI_X86_KERNELS)
    __builtin_cpu_init();
    if (count < capacity && __builtin_cpu_supports("avx512f") &&
        __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("fma"))
        out[count++] = &momui_kernels_avx512;
    if (count < capacity && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        out[count++] = &momui_kernels_avx2;
#endif
    if (count < capacity)
        out[count++] = &momui_kernels_portable;
    return count;
}

const momui_kernels *momui_kernels_best(void) {
    const momui_kernels *best = &momui_kernels_portable;
    momui_kernels_all(&best, 1);
    return best;
}
