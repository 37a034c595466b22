#include "base/random.h"

#include <math.h>

static const double TWO_PI = 6.283185307179586476925286766559;

void momui_philox(uint64_t key, uint64_t counter_high, uint64_t counter_low, uint32_t out[4]) {
    uint32_t c0 = (uint32_t)counter_low, c1 = (uint32_t)(counter_low >> 32);
    uint32_t c2 = (uint32_t)counter_high, c3 = (uint32_t)(counter_high >> 32);
    uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);
    for (int round = 0; round < 10; round++) {
        uint64_t p0 = (uint64_t)0xD2511F53u * c0, p1 = (uint64_t)0xCD9E8D57u * c2;
        uint32_t n0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0, n2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
        c1 = (uint32_t)p1;
        c3 = (uint32_t)p0;
        c0 = n0;
        c2 = n2;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
}

uint32_t momui_random_u32(momui_random *random) {
    uint32_t words[4];
    momui_philox(random->seed, random->stream, random->index >> 2, words);
    return words[random->index++ & 3];
}

float momui_random_uniform(momui_random *random) {
    return (float)(momui_random_u32(random) >> 8) * 0x1p-24f;
}

uint32_t momui_random_below(momui_random *random, uint32_t count) {
    return (uint32_t)(((uint64_t)momui_random_u32(random) * count) >> 32);
}

/* Box-Muller on one block of four words: two pairs of normals, in double so that libm's last bit
 * matters little. */
static void normal_block(const uint32_t words[4], float out[4]) {
    for (int pair = 0; pair < 2; pair++) {
        double u = ((double)words[2 * pair] + 1.0) * 0x1p-32;
        double v = (double)words[2 * pair + 1] * 0x1p-32;
        double radius = sqrt(-2.0 * log(u));
        out[2 * pair] = (float)(radius * cos(TWO_PI * v));
        out[2 * pair + 1] = (float)(radius * sin(TWO_PI * v));
    }
}

float momui_random_normal(momui_random *random) {
    uint32_t words[4];
    float normals[4];
    momui_philox(random->seed, random->stream, random->index >> 2, words);
    normal_block(words, normals);
    return normals[random->index++ & 3];
}

void momui_fill_normal(float *out, size_t count, uint64_t seed, uint64_t stream) {
    for (size_t i = 0; i < count; i += 4) {
        uint32_t words[4];
        float normals[4];
        momui_philox(seed, stream, i >> 2, words);
        normal_block(words, normals);
        for (size_t j = 0; j < 4 && i + j < count; j++)
            out[i + j] = normals[j];
    }
}
