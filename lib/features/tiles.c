/* The networks over any length.
 *
 * A network without attention and without group norms is local: a frame of its output depends on
 * the frames within its receptive field alone. Such a network runs in tiles that overlap by the
 * receptive field, which gives the same numbers with bounded memory and lets a cancel through.
 * Others see everything at once.
 */
#include "features/tiles.h"

#include "base/check.h"
#include "models/vocoders/wave_vocoder.h"

#include <string.h>

enum { TILE_LATENTS = 512, TILE_VOCODER = 4096, TILE_WAVES = 256 };
/* Frames of a tile, and of its context on both sides, where a network that is not local must do
 * with less than everything. */
enum { TILE_APPROXIMATE = 1024, CONTEXT_APPROXIMATE = 128 };

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

static momui_tensor *tile_input(momui_graph *g, const tiling *t, momui_row_source in, int64_t from,
                                int64_t to) {
    int64_t first = from * t->in_stride, count = (to - from) * t->in_stride;
    int64_t shape[3] = {1, count, t->in_channels};
    if (in.rows)
        return momui_tensor_from(g, 3, shape, in.rows + first * t->in_channels);
    momui_tensor *x = momui_tensor_new(g, 3, shape);
    if (x)
        in.fill(in.user, first, count, x->data);
    return x;
}

static momu_status run_tile(const momui_run *run, const tiling *t, momui_row_source in, float *out,
                            int64_t first, int64_t last) {
    int64_t from = first > t->halo ? first - t->halo : 0;
    int64_t to = last + t->halo < t->count ? last + t->halo : t->count;
    momui_graph g;
    MOMUI_TRY(momui_graph_begin(&g, run->arena, run->pool, false, run->error));
    momui_tensor *y = t->forward(&g, t->network, tile_input(&g, t, in, from, to));
    if (!y)
        return g.status != MOMU_OK ? g.status
                                   : momui_fail(run->error, MOMU_ERROR_INTERNAL,
                                                "%s: a network gave no output", t->stage);
    if (y->rank != 3 || y->shape[1] != (to - from) * t->out_stride ||
        y->shape[2] != t->out_channels)
        return momui_fail(run->error, MOMU_ERROR_INTERNAL,
                          "%s: a network gave (%lld, %lld), expected (%lld, %d)", t->stage,
                          (long long)y->shape[1], (long long)y->shape[2],
                          (long long)((to - from) * t->out_stride), (int)t->out_channels);
    int64_t row = t->out_stride * t->out_channels;
    memcpy(out + first * row, y->data + (first - from) * row,
           (size_t)((last - first) * row) * sizeof *out);
    return MOMU_OK;
}

static momu_status report(const momui_run *run, const char *stage, int64_t done, int64_t total) {
    return run->report ? run->report(run->user, stage, (uint64_t)done, (uint64_t)total) : MOMU_OK;
}

static momu_status run_tiles(const momui_run *run, const tiling *t, momui_row_source in,
                             float *out) {
    momui_arena_mark mark = momui_arena_position(run->arena);
    for (int64_t first = 0; first < t->count; first += t->tile) {
        int64_t last = first + t->tile < t->count ? first + t->tile : t->count;
        MOMUI_TRY(report(run, t->stage, first, t->count));
        momu_status status = run_tile(run, t, in, out, first, last);
        momui_arena_reset(run->arena, mark);
        MOMUI_TRY(status);
    }
    MOMUI_TRY(report(run, t->stage, t->count, t->count));
    return momui_check_finite(t->stage, out, (size_t)(t->count * t->out_stride * t->out_channels),
                              (size_t)t->out_channels, "frame", run->error);
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

momu_status momui_run_encoder(const momui_run *run, const momui_autoencoder *network,
                              const momui_autoencoder_config *config, momui_row_source features,
                              int64_t frames, int64_t longest, float *latent) {
    int32_t down = run->config->down;
    int64_t count = frames / down;
    tiling t = {.stage = "encoding",
                .forward = encoder_forward,
                .network = network,
                .count = count,
                .in_stride = down,
                .out_stride = 1,
                .in_channels = config->in_channels,
                .out_channels = run->config->latent,
                .tile = local(config) ? TILE_LATENTS : count,
                .halo = receptive_field(config, down)};
    if (longest > 0 && frames > longest && !local(config)) {
        t.tile = TILE_APPROXIMATE / down;
        t.halo = CONTEXT_APPROXIMATE / down;
    }
    return run_tiles(run, &t, features, latent);
}

momu_status momui_run_condition_encoder(const momui_run *run,
                                        const momui_condition_encoder *network, int32_t in_channels,
                                        const float *features, int64_t frames, float *condition) {
    int32_t down = run->config->down;
    tiling t = {.stage = "encoding",
                .forward = condition_forward,
                .network = network,
                .count = frames / down,
                .in_stride = down,
                .out_stride = 1,
                .in_channels = in_channels,
                .out_channels = run->config->latent,
                .tile = TILE_LATENTS,
                .halo = momui_condition_encoder_receptive_field(down) / down + 2};
    return run_tiles(run, &t, (momui_row_source){.rows = features}, condition);
}

momu_status momui_run_decoder(const momui_run *run, const momui_autoencoder *network,
                              const momui_autoencoder_config *config, const float *latent,
                              int64_t latents, float *features) {
    int32_t down = run->config->down;
    tiling t = {.stage = "decoding",
                .forward = decoder_forward,
                .network = network,
                .count = latents,
                .in_stride = 1,
                .out_stride = down,
                .in_channels = run->config->latent,
                .out_channels = config->in_channels,
                .tile = local(config) ? TILE_LATENTS : latents,
                .halo = receptive_field(config, down)};
    return run_tiles(run, &t, (momui_row_source){.rows = latent}, features);
}

momu_status momui_run_vocoder(const momui_run *run, const momui_vocoder *network, const float *mel,
                              int64_t frames, float *head) {
    tiling t = {.stage = "decoding",
                .forward = vocoder_forward,
                .network = network,
                .count = frames,
                .in_stride = 1,
                .out_stride = 1,
                .in_channels = run->config->mel_bands,
                .out_channels = run->config->n_fft + 2,
                .tile = TILE_VOCODER,
                .halo = 3 * ((int64_t)run->config->vocoder.layers + 1)};
    return run_tiles(run, &t, (momui_row_source){.rows = mel}, head);
}

static momui_tensor *wave_forward(momui_graph *g, const void *network, momui_tensor *x) {
    return momui_wave_vocoder_forward(g, network, x);
}

momu_status momui_run_wave_vocoder(const momui_run *run, const struct momui_wave_vocoder *network,
                                   const float *mel, int64_t frames, float *mono) {
    tiling t = {.stage = "decoding",
                .forward = wave_forward,
                .network = network,
                .count = frames,
                .in_stride = 1,
                .out_stride = run->config->hop,
                .in_channels = run->config->mel_bands,
                .out_channels = 1,
                .tile = TILE_WAVES,
                .halo = momui_wave_vocoder_receptive_field(&run->config->vocoder.wave)};
    return run_tiles(run, &t, (momui_row_source){.rows = mel}, mono);
}
