/* The latents of a whole data set: posterior means of a trained autoencoder, in chunks with context
 * on both sides, so that memory stays bounded and chunk borders leave no trace in networks that are
 * local. */
#include "train/trainer.h"

#include <string.h>

enum { CHUNK = 1024, CONTEXT = 128 }; /* frames; multiples of every `down` */

static momu_status encode_chunk(momui_trainer *trainer, bool music, const momui_pair *pair,
                                int64_t from, int64_t to, float *latent, momu_error *error) {
    int64_t down = trainer->bundle->config.down, channels = trainer->bundle->config.latent;
    int64_t first = from > CONTEXT ? from - CONTEXT : 0;
    int64_t last = to + CONTEXT;
    int64_t padded = (pair->frames + down - 1) / down * down;
    last = last < padded ? last : padded;
    momui_arena_mark mark = momui_arena_position(trainer->arena);
    momui_graph g;
    MOMUI_TRY(momui_graph_begin(&g, trainer->arena, trainer->pool, false, error));
    momui_crop crop = {pair, first};
    momui_tensor *x = music ? momui_batch_mel(trainer, &g, &crop, 1, last - first)
                            : momui_batch_motion(trainer, &g, &crop, 1, last - first);
    momui_tensor *mean = NULL, *logvar = NULL;
    momui_autoencoder_encode(&g, music ? trainer->bundle->music : trainer->bundle->motion, x, &mean,
                             &logvar);
    if (g.status == MOMU_OK && mean) {
        int64_t skip = (from - first) / down, begin = from / down, end = (to + down - 1) / down;
        end = end < pair->latents ? end : pair->latents;
        memcpy(latent + begin * channels, mean->data + skip * channels,
               (size_t)((end - begin) * channels) * sizeof *latent);
    }
    momui_arena_reset(trainer->arena, mark);
    return g.status;
}

static momu_status encode_pair(momui_trainer *trainer, bool music, momui_pair *pair,
                               momu_error *error) {
    int64_t down = trainer->bundle->config.down;
    pair->latents = (pair->frames + down - 1) / down;
    float **latent = music ? &pair->music_latent : &pair->motion_latent;
    momui_free(*latent);
    *latent =
        momui_alloc(trainer->memory, (size_t)pair->latents * (size_t)trainer->bundle->config.latent,
                    sizeof **latent);
    if (!*latent)
        return momui_fail_memory(error, "a pair's latents");
    /* Networks with attention look at the whole clip: they get it in one piece. */
    const momui_autoencoder_config *network =
        music ? &trainer->bundle->config.music : &trainer->bundle->config.motion;
    bool local = !network->attention && network->groups == 0;
    int64_t chunk = local || pair->frames > 8192 ? CHUNK : pair->frames;
    for (int64_t from = 0; from < pair->frames; from += chunk) {
        int64_t to = from + chunk < pair->frames ? from + chunk : pair->frames;
        MOMUI_TRY(encode_chunk(trainer, music, pair, from, to, *latent, error));
    }
    return MOMU_OK;
}

momu_status momui_encode_dataset(momui_trainer *trainer, bool music, momu_error *error) {
    if (trainer->encoded[music ? 0 : 1])
        return MOMU_OK;
    for (size_t i = 0; i < trainer->data.count; i++) {
        momui_pair *pair = &trainer->data.items[i];
        if (momui_trainer_cancelled(trainer))
            return momui_fail(error, MOMU_ERROR_CANCELLED, "training was stopped while encoding");
        if (music ? pair->mel != NULL : pair->features != NULL)
            MOMUI_TRY(encode_pair(trainer, music, pair, error));
    }
    trainer->encoded[music ? 0 : 1] = true;
    return MOMU_OK;
}
