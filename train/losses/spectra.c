/* Spectra of sound inside a graph. A transform is linear, so its way back is the other transform:
 * with X_k = sum of x_n e^(-i t k n), a gradient G of the bins comes back to the samples as the
 * real part of sum of G_k e^(i t k n), an inverse transform whose inner bins count once, not twice.
 */
#include "train/losses/spectra.h"

#include "dsp/stft.h"
#include "nn/tape.h"

#include <math.h>
#include <string.h>

typedef struct spectrum_shape {
    int32_t n_fft, hop, pad;
    bool reflect;
    float power, floor; /* (re^2 + im^2 + floor)^(power/2) */
} spectrum_shape;

typedef struct spectrum_node {
    momui_node node;
    momui_tensor *x;
    spectrum_shape shape;
} spectrum_node;

static bool open_framer(momui_graph *g, int32_t n_fft, momui_framer *framer) {
    momu_status status = momui_framer_open(NULL, n_fft, framer, g->error);
    if (status != MOMU_OK && g->status == MOMU_OK)
        g->status = status;
    return status == MOMU_OK;
}

/* ---- magnitudes ---- */

static int64_t mirrored(int64_t at, int64_t samples) {
    if (at < 0)
        at = -at;
    return at < samples ? at : 2 * (samples - 1) - at;
}

/* Adds a frame's gradient to the samples that it was cut from. */
static void add_frame(const momui_framer *framer, const float *frame, float *dx, int64_t samples,
                      int64_t start, bool reflect) {
    for (int32_t i = 0; i < framer->n_fft; i++) {
        int64_t at = start + i;
        if (at < 0 || at >= samples) {
            if (!reflect)
                continue;
            at = mirrored(at, samples);
        }
        dx[at] += frame[i] * framer->window[i];
    }
}

static void magnitude_back(momui_graph *g, momui_node *node) {
    spectrum_node *m = (spectrum_node *)node;
    const momui_tensor *y = node->out;
    const spectrum_shape *s = &m->shape;
    momui_framer framer;
    float *dx = momui_gradient(g, m->x, NULL);
    if (!dx || !open_framer(g, s->n_fft, &framer))
        return;
    int64_t samples = m->x->shape[1], frames = y->shape[1], bins = y->shape[2];
    for (int64_t i = 0; i < y->shape[0] * frames; i++) {
        int64_t index = i / frames, start = i % frames * s->hop - s->pad;
        const float *dy = y->grad + i * bins, *wave = m->x->data + index * samples;
        momui_framer_analyse(&framer, wave, samples, start, s->reflect);
        for (int64_t k = 0; k < bins; k++) {
            float *z = framer.bins + 2 * k;
            float square = z[0] * z[0] + z[1] * z[1] + s->floor;
            float slope = dy[k] * s->power * powf(square, 0.5f * s->power - 1.0f);
            slope *= (k == 0 || k == bins - 1 ? 1.0f : 0.5f) * (float)s->n_fft;
            z[0] *= slope;
            z[1] *= slope;
        }
        momui_fft_inverse(framer.fft, framer.bins, framer.frame);
        add_frame(&framer, framer.frame, dx + index * samples, samples, start, s->reflect);
    }
    momui_framer_close(&framer);
}

static momui_tensor *magnitudes(momui_graph *g, momui_tensor *wave, spectrum_shape shape) {
    if (!MOMUI_READY(g, "magnitudes", wave))
        return NULL;
    if (wave->rank != 2 || wave->shape[1] + 2 * shape.pad < shape.n_fft ||
        wave->shape[1] <= shape.pad)
        return momui_shape_fail(g, "magnitudes", "the sound is not (batch, enough samples)", wave);
    int64_t samples = wave->shape[1], bins = shape.n_fft / 2 + 1;
    int64_t frames = momui_stft_frames(samples, shape.n_fft, shape.hop, shape.pad);
    momui_framer framer;
    momui_tensor *y = momui_tensor_new(g, 3, (int64_t[]){wave->shape[0], frames, bins});
    if (!y || !open_framer(g, shape.n_fft, &framer))
        return NULL;
    for (int64_t i = 0; i < wave->shape[0] * frames; i++) {
        const float *z = momui_framer_analyse(&framer, wave->data + i / frames * samples, samples,
                                              i % frames * shape.hop - shape.pad, shape.reflect);
        float *row = y->data + i * bins;
        for (int64_t k = 0; k < bins; k++) {
            float square = z[2 * k] * z[2 * k] + z[2 * k + 1] * z[2 * k + 1] + shape.floor;
            row[k] = shape.power == 1.0f ? sqrtf(square) : powf(square, 0.5f * shape.power);
        }
    }
    momui_framer_close(&framer);
    spectrum_node *m = MOMUI_RECORD(g, spectrum_node, magnitude_back, y, wave);
    if (m) {
        m->x = wave;
        m->shape = shape;
    }
    return g->status == MOMU_OK ? y : NULL;
}

momui_tensor *momui_op_magnitudes(momui_graph *g, momui_tensor *wave, int scale) {
    static const int32_t WINDOWS[MOMUI_ERROR_SCALES] = {1024, 512, 256, MOMUI_LONGEST_WINDOW};
    int32_t n_fft = WINDOWS[scale];
    return magnitudes(g, wave, (spectrum_shape){n_fft, n_fft / 4, 0, false, 0.3f, 1e-5f});
}

/* ---- log mels ---- */

typedef struct log_node {
    momui_node node;
    momui_tensor *x;
} log_node;

static const float QUIETEST = 1e-5f, LOG10_E = 0.4342944819f;

static void log_back(momui_graph *g, momui_node *node) {
    log_node *l = (log_node *)node;
    float *dx = momui_gradient(g, l->x, NULL);
    int64_t count = dx ? momui_tensor_count(l->x) : 0;
    for (int64_t i = 0; i < count; i++)
        if (l->x->data[i] > QUIETEST)
            dx[i] += node->out->grad[i] * LOG10_E / l->x->data[i];
}

static momui_tensor *log_floor(momui_graph *g, momui_tensor *x) {
    if (!MOMUI_READY(g, "log10", x))
        return NULL;
    momui_tensor *y = momui_tensor_like(g, x);
    int64_t count = y ? momui_tensor_count(x) : 0;
    for (int64_t i = 0; i < count; i++)
        y->data[i] = log10f(fmaxf(x->data[i], QUIETEST));
    log_node *l = y ? MOMUI_RECORD(g, log_node, log_back, y, x) : NULL;
    if (l)
        l->x = x;
    return g->status == MOMU_OK ? y : NULL;
}

momui_tensor *momui_op_log_mel(momui_graph *g, momui_tensor *wave, int32_t n_fft, int32_t hop,
                               momui_tensor *filters) {
    spectrum_shape shape = {n_fft, hop, (n_fft - hop) / 2, true, 1.0f, 1e-9f};
    return log_floor(g, momui_op_linear(g, magnitudes(g, wave, shape), filters, NULL));
}

/* ---- a vocoder's head to sound ---- */

typedef struct wave_node {
    momui_node node;
    momui_tensor *head;
    float *scale; /* (samples): one over the sum of squared windows */
    int32_t n_fft, hop;
} wave_node;

static const float LOUDEST = 100.0f;

/* The gradient of one frame's spectrum to its log magnitudes and phases. */
static void polar_back(const float *head, const float *z, int64_t bins, float *dhead) {
    float whole = 2.0f / (float)(2 * (bins - 1));
    for (int64_t k = 0; k < bins; k++) {
        bool edge = k == 0 || k == bins - 1; /* their imaginary parts do not count */
        float real = z[2 * k] * (edge ? 0.5f * whole : whole);
        float imaginary = edge ? 0.0f : z[2 * k + 1] * whole;
        float magnitude = expf(head[k]), c = cosf(head[bins + k]), s = sinf(head[bins + k]);
        bool clipped = magnitude > LOUDEST;
        magnitude = clipped ? LOUDEST : magnitude;
        if (!clipped)
            dhead[k] += magnitude * (real * c + imaginary * s);
        dhead[bins + k] += magnitude * (imaginary * c - real * s);
    }
}

static void wave_back(momui_graph *g, momui_node *node) {
    wave_node *w = (wave_node *)node;
    momui_framer framer;
    float *dhead = momui_gradient(g, w->head, NULL);
    int64_t batch = w->head->shape[0], frames = w->head->shape[1], bins = w->n_fft / 2 + 1;
    int64_t samples = frames * w->hop, pad = (w->n_fft - w->hop) / 2;
    momui_arena_mark mark = momui_arena_position(g->arena);
    float *dy = momui_graph_alloc(g, (size_t)samples, sizeof *dy);
    if (!dhead || !dy || !open_framer(g, w->n_fft, &framer))
        return;
    for (int64_t b = 0; b < batch; b++) {
        for (int64_t i = 0; i < samples; i++)
            dy[i] = node->out->grad[b * samples + i] * w->scale[i];
        for (int64_t f = 0; f < frames; f++) {
            const float *z = momui_framer_analyse(&framer, dy, samples, f * w->hop - pad, false);
            int64_t row = (b * frames + f) * 2 * bins;
            polar_back(w->head->data + row, z, bins, dhead + row);
        }
    }
    momui_framer_close(&framer);
    momui_arena_reset(g->arena, mark);
}

static void synthesise(momui_framer *framer, const float *head, int64_t frames, int32_t hop,
                       float *row, float *mono) {
    int64_t bins = framer->n_fft / 2 + 1, samples = frames * hop;
    memset(mono, 0, (size_t)samples * sizeof *mono);
    for (int64_t f = 0; f < frames; f++, head += 2 * bins) {
        for (int64_t k = 0; k < bins; k++) {
            float magnitude = fminf(expf(head[k]), LOUDEST);
            row[2 * k] = magnitude * cosf(head[bins + k]);
            row[2 * k + 1] = magnitude * sinf(head[bins + k]);
        }
        momui_framer_overlap_add(framer, row, mono, samples, f * hop - (framer->n_fft - hop) / 2);
    }
}

momui_tensor *momui_op_wave_from_head(momui_graph *g, momui_tensor *head, int32_t n_fft,
                                      int32_t hop) {
    if (!MOMUI_READY(g, "sound from a head", head))
        return NULL;
    if (head->rank != 3 || head->shape[2] != n_fft + 2)
        return momui_shape_fail(g, "sound from a head", "the head is not (batch, frames, n_fft+2)",
                                head);
    int64_t batch = head->shape[0], frames = head->shape[1], samples = frames * hop;
    momui_framer framer;
    momui_tensor *y = momui_tensor_new(g, 2, (int64_t[]){batch, samples});
    float *scale = momui_graph_alloc(g, (size_t)samples, sizeof *scale);
    float *row = momui_graph_alloc(g, (size_t)n_fft + 2, sizeof *row);
    if (!y || !scale || !row || !open_framer(g, n_fft, &framer))
        return NULL;
    for (int64_t b = 0; b < batch; b++)
        synthesise(&framer, head->data + b * frames * (n_fft + 2), frames, hop, row,
                   y->data + b * samples);
    for (int64_t i = 0; i < samples; i++)
        scale[i] = 1.0f;
    momui_framer_normalise(&framer, scale, samples, frames, hop, (n_fft - hop) / 2);
    momui_framer_close(&framer);
    for (int64_t i = 0; i < batch * samples; i++)
        y->data[i] *= scale[i % samples];
    wave_node *w = MOMUI_RECORD(g, wave_node, wave_back, y, head);
    if (w) {
        w->head = head;
        w->scale = scale;
        w->n_fft = n_fft;
        w->hop = hop;
    }
    return g->status == MOMU_OK ? y : NULL;
}
