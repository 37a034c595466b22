#include "nn/gemm.h"

typedef struct pack_job {
    const momui_kernels *kernels;
    int64_t k, n;
    momui_view b;
    float *packed;
} pack_job;

static void pack_work(void *user, int64_t begin, int64_t end) {
    const pack_job *job = user;
    job->kernels->pack(job->k, job->n, job->b, job->packed, begin, end);
}

const float *momui_gemm_pack(momui_graph *g, int64_t k, int64_t n, momui_view b) {
    size_t floats = (size_t)momui_packed_floats(g->kernels, k, n);
    pack_job job = {g->kernels, k, n, b, momui_graph_alloc(g, floats, sizeof(float))};
    if (job.packed)
        momui_spans(g->pool, (n + g->kernels->panel - 1) / g->kernels->panel, k * g->kernels->panel,
                    pack_work, &job);
    return job.packed;
}

typedef struct multiply_job {
    const momui_kernels *kernels;
    const momui_product *product;
    const float *packed;
    int64_t rows, columns; /* of a task's tile */
    int64_t across;        /* tiles side by side */
} multiply_job;

static void multiply_task(void *user, size_t task, int worker) {
    (void)worker;
    const multiply_job *job = user;
    const momui_product *p = job->product;
    int64_t i = (int64_t)task / job->across * job->rows, j = (int64_t)task % job->across;
    j *= job->columns;
    int64_t rows = p->m - i < job->rows ? p->m - i : job->rows;
    int64_t columns = p->n - j < job->columns ? p->n - j : job->columns;
    momui_view a = {p->a.data + i * p->a.row, p->a.row, p->a.column};
    job->kernels->multiply(rows, columns, p->k, a, job->packed + j * p->k,
                           p->bias ? p->bias + j : NULL, p->accumulate, p->c + i * p->c_row + j,
                           p->c_row);
}

/* Every element of c is one sum over k in one order, so the tiles' size is free; it follows the
 * shape. */
static void multiply_own(momui_graph *g, const momui_product *p, const float *packed) {
    multiply_job job = {g->kernels, p, packed, 96, p->n, 1};
    if (p->m < 96 * 4) {
        job.rows = p->m < 96 ? 24 : 48;
        job.columns = 4 * g->kernels->panel;
    }
    int64_t down = (p->m + job.rows - 1) / job.rows;
    job.across = (p->n + job.columns - 1) / job.columns;
    momui_pool_run(g->pool, (size_t)(down * job.across), multiply_task, &job);
}

void momui_gemm(momui_graph *g, const momui_product *p) {
    if (g->status != MOMU_OK || p->m <= 0 || p->n <= 0)
        return;
    bool own = !g->multiply || !g->kernels->portable;
    if (!own && p->b.data && p->k > 0 && g->multiply(p))
        return;
    momui_arena_mark mark = momui_arena_position(g->arena);
    const float *packed = p->packed ? p->packed : momui_gemm_pack(g, p->k, p->n, p->b);
    if (packed)
        multiply_own(g, p, packed);
    momui_arena_reset(g->arena, mark);
}
