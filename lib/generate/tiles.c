/* The autoencoders and the vocoder over any length.
 *
 * A network without attention and without group norms is local: a frame of its output depends on
 * the frames within its reach alone. Such a one runs in tiles that overlap by the reach, which
 * gives the same numbers with bounded memory and lets a cancel through. Others see everything at
 * once.
 */
#include "generate/job.h"

#include "models/vocoders/wave_vocoder.h"

#include <string.h>

enum { TILE_LATENTS = 512, TILE_VOCODER = 4096, TILE_WAVES = 256 };

/* A sequence network as tiles see it: `count` units, each of in_stride frames in and out_stride
 * frames out. */
typedef struct tiling {
    const char *stage;
    momui_tensor *(*forward)(momui_graph *g, const void *network, momui_tensor *x);
    const void *network;
    int64_t count, in_stride, out_stride;
    int32_t in_channels, out_channels;
    int64_t tile, halo; /* units */
} tiling;

static momu_status run_tile(momui_job *job, const tiling *t, const float *in, float *out,
                            int64_t first, int64_t last) {
    int64_t from = first > t->halo ? first - t->halo : 0;
    int64_t to = last + t->halo < t->count ? last + t->halo : t->count;
    momui_graph g;
    MOMUI_TRY(momui_graph_begin(&g, job->context->arena, job->context->pool, false, job->error));
    int64_t shape[3] = {1, (to - from) * t->in_stride, t->in_channels};
    momui_tensor *x = momui_tensor_from(&g, 3, shape, in + from * t->in_stride * t->in_channels);
    momui_tensor *y = t->forward(&g, t->network, x);
    if (!y)
        return g.status != MOMU_OK ? g.status
                                   : momui_fail(job->error, MOMU_ERROR_INTERNAL,
                                                "%s: a network gave no output", t->stage);
    if (y->rank != 3 || y->shape[1] != (to - from) * t->out_stride ||
        y->shape[2] != t->out_channels)
        return momui_fail(job->error, MOMU_ERROR_INTERNAL,
                          "%s: a network gave (%lld, %lld), expected (%lld, %d)", t->stage,
                          (long long)y->shape[1], (long long)y->shape[2],
                          (long long)((to - from) * t->out_stride), (int)t->out_channels);
    int64_t row = t->out_stride * t->out_channels;
    memcpy(out + first * row, y->data + (first - from) * row,
           (size_t)((last - first) * row) * sizeof *out);
    return MOMU_OK;
}

static momu_status run_tiles(momui_job *job, const tiling *t, const float *in, float *out) {
    momui_arena_mark mark = momui_arena_position(job->context->arena);
    for (int64_t first = 0; first < t->count; first += t->tile) {
        int64_t last = first + t->tile < t->count ? first + t->tile : t->count;
        MOMUI_TRY(momui_job_report(job, t->stage, (uint64_t)first, (uint64_t)t->count));
        momu_status status = run_tile(job, t, in, out, first, last);
        momui_arena_reset(job->context->arena, mark);
        MOMUI_TRY(status);
    }
    MOMUI_TRY(momui_job_report(job, t->stage, (uint64_t)t->count, (uint64_t)t->count));
    return momui_check_finite(t->stage, out, (size_t)(t->count * t->out_stride * t->out_channels),
                              (size_t)t->out_channels, "frame", job->error);
}

/* How many latent frames to each side may matter: every convolution's half width at its level's
 * scale, with the wider of both kernels and the decoder's extra block. */
static int64_t receptive_field(const momui_autoencoder_config *config, int64_t down) {
    int64_t kernel =
        config->kernel > config->decoder_kernel ? config->kernel : config->decoder_kernel;
    int64_t half = (kernel - 1) / 2, scale = 1, frames = half;
    for (int32_t i = 0; i < config->levels; i++) {
        frames += 2 * (int64_t)(config->blocks + 1) * half * scale;
        if (config->down[i]) {
            frames += 2 * scale;
            scale *= 2;
        }
    }
    frames += (4 * half + half + 2) * scale;
    return frames / down + 2;
}

static bool local(const momui_autoencoder_config *config) {
    return config->groups == 0 && !config->attention;
}

static momui_tensor *encoder_forward(momui_graph *g, const void *network, momui_tensor *x) {
    momui_tensor *mean = NULL, *logvar = NULL;
    momui_autoencoder_encode(g, network, x, &mean, &logvar);
    return mean;
}

static momui_tensor *condition_forward(momui_graph *g, const void *network, momui_tensor *x) {
    return momui_condition_encoder_forward(g, network, x);
}

static momui_tensor *decoder_forward(momui_graph *g, const void *network, momui_tensor *x) {
    return momui_autoencoder_decode(g, network, x);
}

static momui_tensor *vocoder_forward(momui_graph *g, const void *network, momui_tensor *x) {
    return momui_vocoder_forward(g, network, x);
}

momu_status momui_run_encoder(momui_job *job, const momui_autoencoder *network,
                              const momui_autoencoder_config *config, const float *features,
                              int64_t frames, float *latent) {
    int32_t down = job->config->down;
    int64_t count = frames / down;
    tiling t = {.stage = "encoding",
                .forward = encoder_forward,
                .network = network,
                .count = count,
                .in_stride = down,
                .out_stride = 1,
                .in_channels = config->in_channels,
                .out_channels = job->config->latent,
                .tile = local(config) ? TILE_LATENTS : count,
                .halo = receptive_field(config, down)};
    return run_tiles(job, &t, features, latent);
}

momu_status momui_run_condition_encoder(momui_job *job, const momui_condition_encoder *network,
                                        int32_t in_channels, const float *features, int64_t frames,
                                        float *condition) {
    int32_t down = job->config->down;
    tiling t = {.stage = "encoding",
                .forward = condition_forward,
                .network = network,
                .count = frames / down,
                .in_stride = down,
                .out_stride = 1,
                .in_channels = in_channels,
                .out_channels = job->config->latent,
                .tile = TILE_LATENTS,
                .halo = momui_condition_encoder_receptive_field(down) / down + 2};
    return run_tiles(job, &t, features, condition);
}

momu_status momui_run_decoder(momui_job *job, const momui_autoencoder *network,
                              const momui_autoencoder_config *config, const float *latent,
                              int64_t latents, float *features) {
    int32_t down = job->config->down;
    tiling t = {.stage = "decoding",
                .forward = decoder_forward,
                .network = network,
                .count = latents,
                .in_stride = 1,
                .out_stride = down,
                .in_channels = job->config->latent,
                .out_channels = config->in_channels,
                .tile = local(config) ? TILE_LATENTS : latents,
                .halo = receptive_field(config, down)};
    return run_tiles(job, &t, latent, features);
}

momu_status momui_run_vocoder(momui_job *job, const float *mel, int64_t frames, float *head) {
    tiling t = {.stage = "decoding",
                .forward = vocoder_forward,
                .network = job->bundle->vocoder,
                .count = frames,
                .in_stride = 1,
                .out_stride = 1,
                .in_channels = job->config->mel_bands,
                .out_channels = job->config->n_fft + 2,
                .tile = TILE_VOCODER,
                .halo = 3 * ((int64_t)job->config->vocoder.layers + 1)};
    return run_tiles(job, &t, mel, head);
}

static momui_tensor *wave_forward(momui_graph *g, const void *network, momui_tensor *x) {
    return momui_wave_vocoder_forward(g, network, x);
}

momu_status momui_run_wave_vocoder(momui_job *job, const float *mel, int64_t frames, float *mono) {
    tiling t = {.stage = "decoding",
                .forward = wave_forward,
                .network = job->bundle->wave_vocoder,
                .count = frames,
                .in_stride = 1,
                .out_stride = job->config->hop,
                .in_channels = job->config->mel_bands,
                .out_channels = 1,
                .tile = TILE_WAVES,
                .halo = momui_wave_vocoder_receptive_field(&job->config->vocoder.wave)};
    return run_tiles(job, &t, mel, mono);
}
