/* Counter-based random numbers (Philox 4x32-10, Salmon et al. 2011): the n-th number of a stream
 * needs no state, so the same seed gives the same bytes at any thread count. docs/diffusion.md,
 * "Noise", states the exact recipe; reference/ has the same. */
#ifndef MOMUI_BASE_RANDOM_H
#define MOMUI_BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* Four 32-bit words for a 64-bit key and a 128-bit counter. */
void momui_philox(uint64_t key, uint64_t counter_high, uint64_t counter_low, uint32_t out[4]);

/* A position in the stream `stream` of the seed `seed`. Plain data: copy it to return to the
 * position. */
typedef struct momui_random {
    uint64_t seed, stream, index;
} momui_random;

uint32_t momui_random_u32(momui_random *random);
/* Uniform in [0, 1), 24 bits. */
float momui_random_uniform(momui_random *random);
/* Uniform in 0..count-1; count > 0. */
uint32_t momui_random_below(momui_random *random, uint32_t count);
float momui_random_normal(momui_random *random);

/* count standard normals: element i is a function of (seed, stream, i) alone. */
void momui_fill_normal(float *out, size_t count, uint64_t seed, uint64_t stream);

#endif
