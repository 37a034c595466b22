#include "diffusion/windows.h"

#include <string.h>

enum { MAX_BRANCHES = 2 };

static int64_t hop_of(int64_t window) {
    return window > 1 ? window / 2 : 1;
}

int64_t momui_window_count(int64_t frames, int64_t window) {
    int64_t hop = hop_of(window);
    return frames <= window ? 1 : (frames - window + hop - 1) / hop + 1;
}

/* The last one ends with the frames. */
int64_t momui_window_start(int64_t frames, int64_t window, int64_t i) {
    int64_t start = i * hop_of(window);
    return frames <= window ? 0 : start < frames - window ? start : frames - window;
}

/* Scratch of one evaluation: each branch's prediction in one window, and the sum of weights. */
typedef struct blend {
    float *part[MAX_BRANCHES]; /* (window, channels) */
    float *weight;             /* (frames) */
} blend;

static void add_window(const momui_windowed_denoiser *w, const blend *b, int64_t first, int count,
                       float *const *out) {
    int64_t channels = w->denoiser.channels;
    for (int64_t k = 0; k < w->window; k++) {
        float weight = (float)(k + 1 < w->window - k ? k + 1 : w->window - k);
        b->weight[first + k] += weight;
        for (int v = 0; v < count; v++) {
            const float *from = b->part[v] + k * channels;
            float *to = out[v] + (first + k) * channels;
            for (int64_t c = 0; c < channels; c++)
                to[c] += weight * from[c];
        }
    }
}

static momu_status run_windows(const momui_windowed_denoiser *w, const blend *b, const float *x,
                               int32_t t, int count, const momui_guidance_branch *branches,
                               float *const *out, momu_error *error) {
    int64_t frames = w->denoiser.frames, channels = w->denoiser.channels;
    for (int v = 0; v < count; v++)
        memset(out[v], 0, (size_t)(frames * channels) * sizeof(float));
    memset(b->weight, 0, (size_t)frames * sizeof(float));
    int64_t windows = momui_window_count(frames, w->window);
    for (int64_t i = 0; i < windows; i++) {
        if (w->cancel && atomic_load(w->cancel) != 0)
            return momui_fail(error, MOMU_ERROR_CANCELLED, "cancelled in window %lld of %lld",
                              (long long)i + 1, (long long)windows);
        int64_t first = momui_window_start(frames, w->window, i);
        momui_guidance_branch there[MAX_BRANCHES];
        for (int v = 0; v < count; v++) {
            there[v] = branches[v];
            if (there[v].condition)
                there[v].condition += first * channels;
        }
        MOMUI_TRY(w->evaluate(w->user, first, w->window, x + first * channels, t, count, there,
                              b->part, error));
        add_window(w, b, first, count, out);
    }
    for (int v = 0; v < count; v++)
        for (int64_t k = 0; k < frames * channels; k++)
            out[v][k] /= b->weight[k / channels];
    return MOMU_OK;
}

static momu_status evaluate(void *user, const float *x, int32_t t, int count,
                            const momui_guidance_branch *branches, float *const *out,
                            momu_error *error) {
    const momui_windowed_denoiser *w = user;
    int64_t frames = w->denoiser.frames;
    if (count < 1 || count > MAX_BRANCHES)
        return momui_fail(error, MOMU_ERROR_INTERNAL, "sampling: %d guidance branches at once",
                          count);
    if (frames <= w->window)
        return w->evaluate(w->user, 0, frames, x, t, count, branches, out, error);
    size_t part = (size_t)(w->window * w->denoiser.channels);
    const blend b = {{w->scratch, w->scratch + part}, w->scratch + MAX_BRANCHES * part};
    return run_windows(w, &b, x, t, count, branches, out, error);
}

momu_status momui_windowed_denoiser_init(momui_windowed_denoiser *w, int64_t frames,
                                         int32_t channels, momu_error *error) {
    w->scratch = NULL;
    w->denoiser =
        (momui_denoiser){.user = w, .frames = frames, .channels = channels, .evaluate = evaluate};
    if (frames <= w->window)
        return MOMU_OK;
    size_t part = 0, all = 0;
    if (momui_multiply((size_t)w->window, (size_t)channels, &part) &&
        momui_multiply(part, MAX_BRANCHES, &all) && momui_add(all, (size_t)frames, &all))
        w->scratch = momui_alloc(w->memory, all, sizeof *w->scratch);
    return w->scratch ? MOMU_OK : momui_fail_memory(error, "the windows");
}

void momui_windowed_denoiser_release(momui_windowed_denoiser *w) {
    momui_free(w->scratch);
    w->scratch = NULL;
}
