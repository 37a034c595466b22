/* The networks over any length: autoencoders, encoders of conditions and vocoders. */
#ifndef MOMUI_FEATURES_TILES_H
#define MOMUI_FEATURES_TILES_H

#include "base/pool.h"
#include "models/models.h"

/* What a network runs with. */
typedef struct momui_run {
    const momui_config *config;
    momui_arena *arena; /* comes back as it was */
    momui_pool *pool;   /* NULL: the calling thread alone */
    momu_error *error;
    /* Called between tiles; what is not MOMU_OK ends the run with that status. May be NULL. */
    momu_status (*report)(void *user, const char *stage, uint64_t done, uint64_t total);
    void *user;
} momui_run;

/* Rows (frames, channels) standardised: all there at `rows`, or where that is NULL written by
 * `fill` on demand, so that a long recording needs no second copy. */
typedef struct momui_row_source {
    const float *rows;
    void (*fill)(const void *user, int64_t first, int64_t count, float *rows);
    const void *user;
} momui_row_source;

/* frames = latents x down -> latent (latents, d), the posterior mean, not scaled. A network that is
 * not local sees all frames at once, unless they are more than `longest` (0: no limit); then it
 * runs in tiles like the others, approximately. */
momu_status momui_run_encoder(const momui_run *run, const momui_autoencoder *network,
                              const momui_autoencoder_config *config, momui_row_source features,
                              int64_t frames, int64_t longest, float *latent);
/* features (frames, in_channels) standardised -> condition (latents, d) */
momu_status momui_run_condition_encoder(const momui_run *run,
                                        const momui_condition_encoder *network, int32_t in_channels,
                                        const float *features, int64_t frames, float *condition);
/* latent (latents, d) not scaled -> features (latents * down, in_channels) standardised */
momu_status momui_run_decoder(const momui_run *run, const momui_autoencoder *network,
                              const momui_autoencoder_config *config, const float *latent,
                              int64_t latents, float *features);
/* mel (frames, bands) standardised -> head (frames, n_fft + 2) */
momu_status momui_run_vocoder(const momui_run *run, const momui_vocoder *network, const float *mel,
                              int64_t frames, float *head);
/* mel (frames, bands), logarithms as the vocoder wants them -> mono (frames * hop) */
momu_status momui_run_wave_vocoder(const momui_run *run, const struct momui_wave_vocoder *network,
                                   const float *mel, int64_t frames, float *mono);

#endif
