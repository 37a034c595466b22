/* Loops over elements and rows. Sums are marked as reductions: the compiler may keep a sum in
 * lanes. */
#include "nn/kernels/vector_math.h"

#include <math.h>

/* Adds, or overwrites. TWO_LOOPS compiles a loop once for each, so that `overwrite` is a constant
 * within it. */
MOMUI_INLINE void put(float *to, float value, bool overwrite) {
    *to = overwrite ? value : *to + value;
}
#define TWO_LOOPS(overwrite, loop, ...)                                                            \
    do {                                                                                           \
        if (overwrite)                                                                             \
            loop(__VA_ARGS__, true);                                                               \
        else                                                                                       \
            loop(__VA_ARGS__, false);                                                              \
    } while (0)

static void exp_loop(int64_t n, const float *restrict x, float *restrict y) {
#pragma omp simd
    for (int64_t i = 0; i < n; i++)
        y[i] = fast_exp(x[i]);
}

static void silu(int64_t n, const float *restrict x, float *restrict y) {
#pragma omp simd
    for (int64_t i = 0; i < n; i++)
        y[i] = x[i] * fast_sigmoid(x[i]);
}

MOMUI_INLINE void silu_back_loop(int64_t n, const float *restrict x, const float *restrict dy,
                                 float *restrict dx, bool overwrite) {
#pragma omp simd
    for (int64_t i = 0; i < n; i++) {
        float s = fast_sigmoid(x[i]);
        put(&dx[i], dy[i] * (s + x[i] * s * (1.0f - s)), overwrite);
    }
}

static void silu_back(int64_t n, const float *x, const float *dy, float *dx, bool overwrite) {
    TWO_LOOPS(overwrite, silu_back_loop, n, x, dy, dx);
}

static void gelu(int64_t n, const float *restrict x, float *restrict y) {
#pragma omp simd
    for (int64_t i = 0; i < n; i++)
        y[i] = x[i] * fast_phi(x[i]);
}

MOMUI_INLINE void gelu_back_loop(int64_t n, const float *restrict x, const float *restrict dy,
                                 float *restrict dx, bool overwrite) {
#pragma omp simd
    for (int64_t i = 0; i < n; i++)
        put(&dx[i], dy[i] * (fast_phi(x[i]) + x[i] * fast_phi_density(x[i])), overwrite);
}

static void gelu_back(int64_t n, const float *x, const float *dy, float *dx, bool overwrite) {
    TWO_LOOPS(overwrite, gelu_back_loop, n, x, dy, dx);
}

/* The argument of the tanh form: sqrt(2/pi) (x + 0.044715 x^3). */
static const float TANH_OUTER = 0.79788456080286536f, TANH_CUBIC = 0.044715f;

static void gelu_tanh(int64_t n, const float *restrict x, float *restrict y) {
#pragma omp simd
    for (int64_t i = 0; i < n; i++) {
        float u = TANH_OUTER * x[i] * (1.0f + TANH_CUBIC * x[i] * x[i]);
        y[i] = x[i] * fast_sigmoid(2.0f * u);
    }
}

MOMUI_INLINE void gelu_tanh_back_loop(int64_t n, const float *restrict x, const float *restrict dy,
                                      float *restrict dx, bool overwrite) {
#pragma omp simd
    for (int64_t i = 0; i < n; i++) {
        float u = TANH_OUTER * x[i] * (1.0f + TANH_CUBIC * x[i] * x[i]);
        float s = fast_sigmoid(2.0f * u); /* (1 + tanh u) / 2 */
        float du = TANH_OUTER * (1.0f + 3.0f * TANH_CUBIC * x[i] * x[i]);
        put(&dx[i], dy[i] * (s + x[i] * 2.0f * s * (1.0f - s) * du), overwrite);
    }
}

static void gelu_tanh_back(int64_t n, const float *x, const float *dy, float *dx, bool overwrite) {
    TWO_LOOPS(overwrite, gelu_tanh_back_loop, n, x, dy, dx);
}

static void geglu(int64_t n, const float *restrict a, const float *restrict b, float *restrict y) {
#pragma omp simd
    for (int64_t i = 0; i < n; i++)
        y[i] = a[i] * (b[i] * fast_phi(b[i]));
}

MOMUI_INLINE void geglu_back_loop(int64_t n, const float *restrict a, const float *restrict b,
                                  const float *restrict dy, float *restrict da, float *restrict db,
                                  bool overwrite) {
#pragma omp simd
    for (int64_t i = 0; i < n; i++) {
        float phi = fast_phi(b[i]);
        put(&da[i], dy[i] * (b[i] * phi), overwrite);
        put(&db[i], dy[i] * a[i] * (phi + b[i] * fast_phi_density(b[i])), overwrite);
    }
}

static void geglu_back(int64_t n, const float *a, const float *b, const float *dy, float *da,
                       float *db, bool overwrite) {
    TWO_LOOPS(overwrite, geglu_back_loop, n, a, b, dy, da, db);
}

static void axpy(int64_t n, float factor, const float *restrict x, float *restrict y) {
#pragma omp simd
    for (int64_t i = 0; i < n; i++)
        y[i] += factor * x[i];
}

static void add(int64_t n, const float *a, const float *b, float *y) {
#pragma omp simd
    for (int64_t i = 0; i < n; i++)
        y[i] = a[i] + b[i];
}

static void multiply_elements(int64_t n, const float *a, const float *b, float *y) {
#pragma omp simd
    for (int64_t i = 0; i < n; i++)
        y[i] = a[i] * b[i];
}

static void multiply_add(int64_t n, const float *a, const float *b, float *restrict y) {
#pragma omp simd
    for (int64_t i = 0; i < n; i++)
        y[i] += a[i] * b[i];
}

static float dot(int64_t n, const float *a, const float *b) {
    float sum = 0.0f;
#pragma omp simd reduction(+ : sum)
    for (int64_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

static double sum_of_squares(int64_t n, const float *x) {
    double sum = 0.0;
#pragma omp simd reduction(+ : sum)
    for (int64_t i = 0; i < n; i++)
        sum += (double)x[i] * (double)x[i];
    return sum;
}

static float absolute_error(int64_t n, const float *a, const float *b, const float *weight) {
    float sum = 0.0f;
    if (weight) {
#pragma omp simd reduction(+ : sum)
        for (int64_t i = 0; i < n; i++)
            sum += fabsf(a[i] - b[i]) * weight[i];
        return sum;
    }
#pragma omp simd reduction(+ : sum)
    for (int64_t i = 0; i < n; i++)
        sum += fabsf(a[i] - b[i]);
    return sum;
}

MOMUI_INLINE void add_slope(int64_t n, const float *a, const float *b, const float *weight,
                            float unit, float *to) {
#pragma omp simd
    for (int64_t i = 0; i < n; i++) {
        float up = a[i] > b[i] ? unit : 0.0f, down = a[i] < b[i] ? unit : 0.0f;
        to[i] += (up - down) * (weight ? weight[i] : 1.0f);
    }
}

static void absolute_error_back(int64_t n, const float *a, const float *b, const float *weight,
                                float unit, float *da, float *db) {
    if (da && weight)
        add_slope(n, a, b, weight, unit, da);
    else if (da)
        add_slope(n, a, b, NULL, unit, da);
    if (db && weight)
        add_slope(n, a, b, weight, -unit, db);
    else if (db)
        add_slope(n, a, b, NULL, -unit, db);
}

static void layer_norm(int64_t n, const float *restrict x, float epsilon,
                       const float *restrict weight, const float *restrict bias, float *restrict y,
                       float stats[2]) {
    float sum = 0.0f, squares = 0.0f;
#pragma omp simd reduction(+ : sum)
    for (int64_t i = 0; i < n; i++)
        sum += x[i];
    float mean = sum / (float)n;
#pragma omp simd reduction(+ : squares)
    for (int64_t i = 0; i < n; i++)
        squares += (x[i] - mean) * (x[i] - mean);
    float scale = 1.0f / sqrtf(squares / (float)n + epsilon);
#pragma omp simd
    for (int64_t i = 0; i < n; i++)
        y[i] = (x[i] - mean) * scale * weight[i] + bias[i];
    stats[0] = mean;
    stats[1] = scale;
}

MOMUI_INLINE void layer_norm_input(int64_t n, const float *restrict x, float mean, float scale,
                                   const float *restrict weight, const float *restrict dy,
                                   float mean_g, float slope, float *restrict dx, bool overwrite) {
#pragma omp simd
    for (int64_t i = 0; i < n; i++) {
        float g = dy[i] * weight[i];
        put(&dx[i], scale * (g - mean_g - (x[i] - mean) * slope), overwrite);
    }
}

static void layer_norm_back(int64_t n, const float *restrict x, const float stats[2],
                            const float *restrict weight, const float *restrict dy,
                            float *restrict dx, bool overwrite, float *restrict dweight,
                            float *restrict dbias) {
    float mean = stats[0], scale = stats[1];
    if (dweight) {
#pragma omp simd
        for (int64_t i = 0; i < n; i++)
            dweight[i] += dy[i] * (x[i] - mean) * scale;
    }
    if (dbias) {
#pragma omp simd
        for (int64_t i = 0; i < n; i++)
            dbias[i] += dy[i];
    }
    if (!dx)
        return;
    float sum = 0.0f, product = 0.0f;
#pragma omp simd reduction(+ : sum, product)
    for (int64_t i = 0; i < n; i++) {
        float g = dy[i] * weight[i];
        sum += g;
        product += g * (x[i] - mean);
    }
    float mean_g = sum / (float)n, slope = product * scale * scale / (float)n;
    TWO_LOOPS(overwrite, layer_norm_input, n, x, mean, scale, weight, dy, mean_g, slope, dx);
}

/* What a masked score becomes: far below any score, and finite, as a vector maximum wants it. */
static const float MASKED = -1e30f;
/* A score this far below the largest weighs nothing: zero, before it becomes a number with few
 * bits. */
static const float NOTHING = -80.0f;

MOMUI_INLINE float weight_of(float below) {
    float e = fast_exp(below);
    return below < NOTHING ? 0.0f : e;
}

/* In lanes of its own, which every compiler makes vector code of. */
static float largest_of(int64_t n, const float *s) {
    enum { WIDE = 16 };
    float lanes[WIDE], largest = MASKED;
    for (int j = 0; j < WIDE; j++)
        lanes[j] = MASKED;
    int64_t i = 0;
    for (; i + WIDE <= n; i += WIDE)
        for (int j = 0; j < WIDE; j++)
            lanes[j] = s[i + j] > lanes[j] ? s[i + j] : lanes[j];
    for (; i < n; i++)
        largest = s[i] > largest ? s[i] : largest;
    for (int j = 0; j < WIDE; j++)
        largest = lanes[j] > largest ? lanes[j] : largest;
    return largest;
}

static float softmax(int64_t n, float scale, const uint8_t *restrict mask, float *restrict s) {
    int allowed = 1;
    if (mask) {
        allowed = 0;
#pragma omp simd reduction(| : allowed)
        for (int64_t i = 0; i < n; i++) {
            s[i] = mask[i] ? s[i] * scale : MASKED;
            allowed |= mask[i];
        }
    } else {
#pragma omp simd
        for (int64_t i = 0; i < n; i++)
            s[i] *= scale;
    }
    if (!allowed) {
        for (int64_t i = 0; i < n; i++)
            s[i] = 0.0f;
        return 0.0f;
    }
    float largest = largest_of(n, s), sum = 0.0f;
#pragma omp simd reduction(+ : sum)
    for (int64_t i = 0; i < n; i++) {
        float e = weight_of(s[i] - largest);
        s[i] = e;
        sum += e;
    }
    float inverse = 1.0f / sum;
#pragma omp simd
    for (int64_t i = 0; i < n; i++)
        s[i] *= inverse;
    return largest + logf(sum);
}

static void softmax_recompute(int64_t n, float scale, const uint8_t *restrict mask, float log_sum,
                              float *restrict s) {
    if (mask) {
#pragma omp simd
        for (int64_t i = 0; i < n; i++)
            s[i] = mask[i] ? weight_of(s[i] * scale - log_sum) : 0.0f;
    } else {
#pragma omp simd
        for (int64_t i = 0; i < n; i++)
            s[i] = weight_of(s[i] * scale - log_sum);
    }
}

static void softmax_back(int64_t n, float scale, const float *restrict p, float delta,
                         float *restrict dp) {
#pragma omp simd
    for (int64_t i = 0; i < n; i++)
        dp[i] = scale * p[i] * (dp[i] - delta);
}

static void adamw(int64_t n, const momui_adamw_constants *with, const float *restrict gradient,
                  float *restrict weight, float *restrict first, float *restrict second,
                  float *restrict average) {
    const momui_adamw_constants c = *with;
#pragma omp simd
    for (int64_t i = 0; i < n; i++) {
        float g = gradient[i] * c.gradient_scale;
        float m = c.beta1 * first[i] + (1.0f - c.beta1) * g;
        float v = c.beta2 * second[i] + (1.0f - c.beta2) * g * g;
        first[i] = m;
        second[i] = v;
        float step = m * c.correction1 / (sqrtf(v * c.correction2) + c.epsilon);
        weight[i] = weight[i] * (1.0f - c.decay) - c.rate * step;
    }
    if (average) {
#pragma omp simd
        for (int64_t i = 0; i < n; i++)
            average[i] = c.average * average[i] + (1.0f - c.average) * weight[i];
    }
}

const momui_kernels MOMUI_ISA_NAME(momui_kernels) = {
    .name = MOMUI_TEXT(MOMUI_ISA),
    .portable = LANES == 4,
    .panel = PANEL,
    .pack = MOMUI_ISA_NAME(momui_pack),
    .multiply = MOMUI_ISA_NAME(momui_multiply_packed),
    .exp = exp_loop,
    .silu = silu,
    .silu_back = silu_back,
    .gelu = gelu,
    .gelu_back = gelu_back,
    .gelu_tanh = gelu_tanh,
    .gelu_tanh_back = gelu_tanh_back,
    .geglu = geglu,
    .geglu_back = geglu_back,
    .axpy = axpy,
    .add = add,
    .multiply_elements = multiply_elements,
    .multiply_add = multiply_add,
    .dot = dot,
    .sum_of_squares = sum_of_squares,
    .absolute_error = absolute_error,
    .absolute_error_back = absolute_error_back,
    .layer_norm = layer_norm,
    .layer_norm_back = layer_norm_back,
    .softmax = softmax,
    .softmax_recompute = softmax_recompute,
    .softmax_back = softmax_back,
    .adamw = adamw,
};
