/* exp and erf in forms that a compiler turns into vector instructions. Relative errors below 3e-7.
 */
#ifndef MOMUI_NN_KERNELS_VECTOR_MATH_H
#define MOMUI_NN_KERNELS_VECTOR_MATH_H

#include "nn/kernels/isa.h"

typedef union momui_bits {
    float value;
    uint32_t bits;
} momui_bits;

/* 2^n times a polynomial on [-ln2/2, ln2/2] (Cephes' expf). Below -87 the result is e^-87, nearly
 * nothing; above 88.7 infinite. NaN stays NaN. */
MOMUI_INLINE float fast_exp(float x) {
    const float shift =
        12582912.0f; /* 1.5 * 2^23: adding it rounds to a whole number in the low bits */
    float clamped = x < -87.0f ? -87.0f : x;
    clamped = clamped > 89.0f ? 89.0f : clamped;
    momui_bits whole = {.value = clamped * 1.44269504088896341f + shift};
    float n = whole.value - shift;
    float r = clamped - n * 0.693359375f;
    r = r + n * 2.12194440e-4f;
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * (r * r) + r + 1.0f;
    /* 2^n in two halves, so that n = 128 is not an overflow of its own */
    uint32_t e = whole.bits - 0x4B400000u;
    momui_bits half = {.bits = (((e + 256u) >> 1) - 1u) << 23};
    momui_bits rest = {.bits = (e - ((e + 256u) >> 1) + 255u) << 23};
    float result = p * half.value * rest.value;
    return x != x ? x : result;
}

MOMUI_INLINE float fast_sigmoid(float x) {
    return 1.0f / (1.0f + fast_exp(-x));
}

MOMUI_INLINE float fast_tanh(float x) {
    return 1.0f - 2.0f / (fast_exp(2.0f * x) + 1.0f);
}

/* The normal distribution function, by the complementary error function's Chebyshev fit (Press et
 * al., erfcc): its relative error is below 1.2e-7 everywhere. */
MOMUI_INLINE float fast_phi(float x) {
    float z = (x < 0.0f ? -x : x) * 0.70710678118654752f;
    float t = 1.0f / (1.0f + 0.5f * z);
    float p = 0.17087277f;
    p = p * t - 0.82215223f;
    p = p * t + 1.48851587f;
    p = p * t - 1.13520398f;
    p = p * t + 0.27886807f;
    p = p * t - 0.18628806f;
    p = p * t + 0.09678418f;
    p = p * t + 0.37409196f;
    p = p * t + 1.00002368f;
    p = p * t - 1.26551223f;
    float tail = 0.5f * t * fast_exp(p - z * z);
    return x < 0.0f ? tail : 1.0f - tail;
}

MOMUI_INLINE float fast_phi_density(float x) {
    return 0.39894228040143268f * fast_exp(-0.5f * x * x);
}

#endif
