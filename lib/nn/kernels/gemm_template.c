/* The matrix product: a micro-kernel of TILE_ROWS x PANEL sums in registers. The left side is read
 * where it lies, through its strides, so that a transposed matrix or a convolution's overlapping
 * rows cost nothing. */
#include "nn/kernels/isa.h"

typedef float vector __attribute__((vector_size(LANES * sizeof(float)), aligned(4), may_alias));

enum { DEPTH = 256 }; /* of k at a time: a panel of the right side stays in the first cache */

void MOMUI_ISA_NAME(momui_pack)(int64_t k, int64_t n, momui_view b, float *packed, int64_t first,
                                int64_t last) {
    for (int64_t p = first; p < last; p++) {
        int64_t start = p * PANEL, width = n - start < PANEL ? n - start : PANEL;
        const float *from = b.data + start * b.column;
        float *to = packed + p * PANEL * k;
        if (width == PANEL && b.column == 1) {
            for (int64_t i = 0; i < k; i++, to += PANEL)
                MOMUI_UNROLL
            for (int v = 0; v < TILE_VECTORS; v++)
                *(vector *)(to + v * LANES) = *(const vector *)(from + i * b.row + v * LANES);
            continue;
        }
        for (int64_t i = 0; i < k; i++, to += PANEL) {
            for (int64_t j = 0; j < width; j++)
                to[j] = from[i * b.row + j * b.column];
            for (int64_t j = width; j < PANEL; j++)
                to[j] = 0.0f;
        }
    }
}

/* Where a tile goes and what is added to it. */
typedef struct target {
    float *c;
    int64_t c_row;
    const float *bias; /* of this panel, or NULL */
    bool add;          /* c's old value counts */
    int64_t width;     /* columns that exist */
} target;

MOMUI_INLINE void store_row(const target *to, int vectors, int row, const vector *sums) {
    float *c = to->c + row * to->c_row;
    if (to->width >= vectors * LANES) {
        MOMUI_UNROLL
        for (int v = 0; v < vectors; v++) {
            vector sum = sums[v];
            if (to->add)
                sum += *(const vector *)(c + v * LANES);
            if (to->bias)
                sum += *(const vector *)(to->bias + v * LANES);
            *(vector *)(c + v * LANES) = sum;
        }
        return;
    }
    float edge[PANEL];
    for (int v = 0; v < vectors; v++)
        *(vector *)(edge + v * LANES) = sums[v];
    for (int64_t j = 0; j < to->width; j++) {
        float sum = edge[j];
        if (to->add)
            sum += c[j];
        if (to->bias)
            sum += to->bias[j];
        c[j] = sum;
    }
}

MOMUI_INLINE void tile(int rows, int vectors, int64_t k, const float *a, int64_t a_row,
                       int64_t a_column, const float *b, const target *to) {
    vector sums[TILE_ROWS][TILE_VECTORS];
    MOMUI_UNROLL
    for (int r = 0; r < rows; r++)
        MOMUI_UNROLL
    for (int v = 0; v < vectors; v++)
        sums[r][v] = (vector){0};
    for (int64_t i = 0; i < k; i++) {
        vector right[TILE_VECTORS];
        MOMUI_UNROLL
        for (int v = 0; v < vectors; v++)
            right[v] = *(const vector *)(b + v * LANES);
        MOMUI_UNROLL
        for (int r = 0; r < rows; r++) {
            float left = a[r * a_row];
            MOMUI_UNROLL
            for (int v = 0; v < vectors; v++)
                sums[r][v] += right[v] * left;
        }
        a += a_column;
        b += PANEL;
    }
    MOMUI_UNROLL
    for (int r = 0; r < rows; r++)
        store_row(to, vectors, r, sums[r]);
}

MOMUI_INLINE void strip(int vectors, int64_t m, int64_t k, momui_view a, const float *b,
                        target to) {
    const float *left = a.data;
    int64_t i = 0;
    for (; i + TILE_ROWS <= m; i += TILE_ROWS) {
        tile(TILE_ROWS, vectors, k, left, a.row, a.column, b, &to);
        left += TILE_ROWS * a.row;
        to.c += TILE_ROWS * to.c_row;
    }
    for (; i + 4 <= m; i += 4) {
        tile(4, vectors, k, left, a.row, a.column, b, &to);
        left += 4 * a.row;
        to.c += 4 * to.c_row;
    }
    for (; i < m; i++) {
        tile(1, vectors, k, left, a.row, a.column, b, &to);
        left += a.row;
        to.c += to.c_row;
    }
}

void MOMUI_ISA_NAME(momui_multiply_packed)(int64_t m, int64_t n, int64_t k, momui_view a,
                                           const float *packed, const float *bias, bool accumulate,
                                           float *c, int64_t c_row) {
    for (int64_t from = 0; from == 0 || from < k; from += DEPTH) {
        int64_t depth = k - from < DEPTH ? k - from : DEPTH;
        momui_view left = {a.data + from * a.column, a.row, a.column};
        for (int64_t j = 0; j < n; j += PANEL) {
            target to = {c + j, c_row, bias && from == 0 ? bias + j : NULL, accumulate || from > 0,
                         n - j < PANEL ? n - j : PANEL};
            const float *right = packed + j * k + from * PANEL;
            if (to.width > LANES)
                strip(TILE_VECTORS, m, depth, left, right, to);
            else
                strip(1, m, depth, left, right, to);
        }
    }
}
