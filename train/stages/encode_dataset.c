/* The latents of a whole data set: posterior means of a trained autoencoder, in chunks with context
 * on both sides, so that memory stays bounded and chunk borders leave no trace in networks that are
 * local. */
#include "train/stages/trainer.h"

#include <string.h>
#if defined(__GLIBC__)
#include <malloc.h>
#endif

enum { CHUNK = 1024, CONTEXT = 128 }; /* frames; multiples of every `down` */

static momu_status encode_chunk(momui_trainer *trainer, momui_arena *arena, bool music,
                                const momui_pair *pair, int64_t from, int64_t to, float *latent,
                                momu_error *error) {
    int64_t down = trainer->bundle->config.down, channels = trainer->bundle->config.latent;
    int64_t first = from > CONTEXT ? from - CONTEXT : 0;
    int64_t last = to + CONTEXT;
    int64_t padded = (pair->frames + down - 1) / down * down;
    last = last < padded ? last : padded;
    momui_arena_mark mark = momui_arena_position(arena);
    momui_graph g;
    MOMUI_TRY(momui_graph_begin(&g, arena, NULL, false, error));
    momui_crop crop = {pair, first};
    momui_tensor *x = music ? momui_batch_music(trainer, &g, &crop, 1, last - first)
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
    momui_arena_reset(arena, mark);
    return g.status;
}

static momu_status encode_pair(momui_trainer *trainer, momui_arena *arena, bool music,
                               momui_pair *pair, momu_error *error) {
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
        MOMUI_TRY(encode_chunk(trainer, arena, music, pair, from, to, *latent, error));
    }
    return MOMU_OK;
}

typedef struct encode_job {
    momui_trainer *trainer;
    bool music;
    momu_status *statuses; /* of each pair */
    momu_error *errors;    /* of each thread: of the newest failure there */
} encode_job;

static void encode_task(void *user, size_t task, int worker) {
    encode_job *job = user;
    momui_pair *pair = &job->trainer->data.items[task];
    job->statuses[task] = MOMU_OK;
    if (momui_trainer_cancelled(job->trainer))
        job->statuses[task] = momui_fail(&job->errors[worker], MOMU_ERROR_CANCELLED,
                                         "training was stopped while encoding");
    else if (job->music ? pair->has_music : pair->has_motion)
        job->statuses[task] = encode_pair(job->trainer, job->trainer->arenas[worker], job->music,
                                          pair, &job->errors[worker]);
}

static momui_row_view music_rows(const momui_pair *pair) {
    return (momui_row_view){.count = pair->latents, .plain = pair->music_latent};
}

static momui_row_view motion_rows(const momui_pair *pair) {
    return (momui_row_view){.count = pair->latents, .plain = pair->motion_latent};
}

momu_status momui_latent_statistics(momui_trainer *trainer, bool music, momu_error *error) {
    momui_bundle *b = trainer->bundle;
    momui_tensor *mean = music ? b->music_latent_mean : b->motion_latent_mean;
    momui_tensor *deviation = music ? b->music_latent_std : b->motion_latent_std;
    if (momui_statistics_trained(mean, deviation))
        return MOMU_OK;
    return momui_dataset_statistics(&trainer->data, b->config.latent, 1e-3,
                                    music ? music_rows : motion_rows, mean->data, deviation->data,
                                    error);
}

/* The autoencoder is not trained again in this run, so what it was encoded from makes room: for the
 * system too, since the transformers' steps need large blocks of other sizes. A dance that a
 * learned encoder will look at stays. */
static void make_room(momui_dataset *data, const momui_config *config, bool music) {
    for (size_t i = 0; i < data->count; i++) {
        if (music || !config->condition.motion)
            momui_rows_release(music ? &data->items[i].mel : &data->items[i].features);
        if (music)
            momui_rows_release(&data->items[i].wave);
    }
    data->emptied = true;
#if defined(__GLIBC__)
    malloc_trim(0);
#endif
}

momu_status momui_encode_dataset(momui_trainer *trainer, bool music, momu_error *error) {
    if (trainer->encoded[music ? 0 : 1])
        return MOMU_OK;
    size_t count = trainer->data.count;
    size_t threads = (size_t)momui_pool_threads(trainer->pool);
    encode_job job = {trainer, music, momui_calloc(trainer->memory, count, sizeof *job.statuses),
                      momui_calloc(trainer->memory, threads, sizeof *job.errors)};
    momu_status status = MOMU_OK;
    if (!job.statuses || !job.errors)
        status = momui_fail_memory(error, "the latents");
    else
        momui_pool_run(trainer->pool, count, encode_task, &job);
    for (size_t i = 0; status == MOMU_OK && i < count; i++)
        status = job.statuses[i];
    for (size_t w = 0; job.errors && status != MOMU_OK && w < threads; w++)
        if (job.errors[w].message[0])
            momui_fail(error, status, "%s", job.errors[w].message);
    momui_free(job.statuses);
    momui_free(job.errors);
    trainer->encoded[music ? 0 : 1] = status == MOMU_OK;
    if (status == MOMU_OK)
        make_room(&trainer->data, &trainer->bundle->config, music);
    return status;
}
