/* One instruction set's build: its symbols' names, from MOMUI_ISA (avx512, avx2 or portable, as in
 * lib/nn/meson.build), its vector width and the tile of its matrix product. */
#ifndef MOMUI_NN_KERNELS_ISA_H
#define MOMUI_NN_KERNELS_ISA_H

#include "nn/kernels/kernels.h"

#define MOMUI_JOIN2(a, b) a##_##b
#define MOMUI_JOIN(a, b) MOMUI_JOIN2(a, b)
#define MOMUI_ISA_NAME(name) MOMUI_JOIN(name, MOMUI_ISA)
#define MOMUI_TEXT2(x) #x
#define MOMUI_TEXT(x) MOMUI_TEXT2(x)

#if defined(__clang__)
#define MOMUI_UNROLL _Pragma("clang loop unroll(full)")
#else
#define MOMUI_UNROLL _Pragma("GCC unroll 32")
#endif
#define MOMUI_INLINE static inline __attribute__((always_inline))

#if defined(__AVX512F__)
enum { LANES = 16, TILE_ROWS = 12, TILE_VECTORS = 2 };
#elif defined(__AVX2__)
enum { LANES = 8, TILE_ROWS = 6, TILE_VECTORS = 2 };
#else
enum { LANES = 4, TILE_ROWS = 4, TILE_VECTORS = 2 };
#endif
enum { PANEL = LANES * TILE_VECTORS };

void MOMUI_ISA_NAME(momui_pack)(int64_t k, int64_t n, momui_view b, float *packed, int64_t first,
                                int64_t last);
void MOMUI_ISA_NAME(momui_multiply_packed)(int64_t m, int64_t n, int64_t k, momui_view a,
                                           const float *packed, const float *bias, bool accumulate,
                                           float *c, int64_t c_row);
extern const momui_kernels MOMUI_ISA_NAME(momui_kernels);

#endif
