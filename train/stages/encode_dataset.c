/* The latents of a whole data set: posterior means of a trained autoencoder, by the tiles that
 * generation runs it in. Rows are unpacked a tile at a time, so that memory stays bounded. */
#include "train/stages/trainer.h"

#include "features/tiles.h"

#if defined(__GLIBC__)
#include <malloc.h>
#endif

/* Networks with attention read whole clips of up to so many frames; longer ones are approximated.
 */
enum { LONGEST_WHOLE = 8192 };

typedef struct pair_rows {
    const momui_trainer *trainer;
    const momui_pair *pair;
    bool music;
} pair_rows;

static void fill_rows(const void *user, int64_t first, int64_t count, float *rows) {
    const pair_rows *from = user;
    (from->music ? momui_music_rows : momui_motion_rows)(from->trainer, from->pair, first, count,
                                                         rows);
}

static momu_status encode_pair(momui_trainer *trainer, momui_arena *arena, bool music,
                               momui_pair *pair, momu_error *error) {
    const momui_bundle *bundle = trainer->bundle;
    int64_t down = bundle->config.down;
    pair->latents = (pair->frames + down - 1) / down;
    float **latent = music ? &pair->music_latent : &pair->motion_latent;
    momui_free(*latent);
    *latent = momui_alloc(trainer->memory, (size_t)pair->latents * (size_t)bundle->config.latent,
                          sizeof **latent);
    if (!*latent)
        return momui_fail_memory(error, "a pair's latents");
    pair_rows from = {trainer, pair, music};
    momui_run run = {.config = &bundle->config, .arena = arena, .error = error};
    return momui_run_encoder(&run, music ? bundle->music : bundle->motion,
                             music ? &bundle->config.music : &bundle->config.motion,
                             (momui_row_source){.fill = fill_rows, .user = &from},
                             pair->latents * down, LONGEST_WHOLE, *latent);
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

/* Frees the rows that the latents were encoded from: this run does not train the autoencoder again,
 * and the transformers' steps need large blocks of other sizes. A dance that a learned encoder
 * reads stays. */
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
