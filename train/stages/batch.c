/* What a step draws: crops of pairs and noise, as functions of the seed, the task and the step. */
#include "train/losses/loss_ops.h"
#include "train/stages/trainer.h"

#include <math.h>
#include <string.h>

momui_random momui_draw_random(const momui_draw *draw, int purpose) {
    return (momui_random){draw->seed, draw->base + (uint64_t)purpose, 0};
}

float *momui_draw_normals(momui_graph *g, const momui_draw *draw, int purpose, size_t count) {
    float *noise = g->status == MOMU_OK ? momui_arena_alloc(g->arena, count, sizeof *noise) : NULL;
    if (noise)
        momui_fill_normal(noise, count, draw->seed, draw->base + (uint64_t)purpose);
    else if (g->status == MOMU_OK)
        g->status = momui_fail_memory(g->error, "a batch's noise");
    return noise;
}

bool momui_pair_has_music(const momui_pair *pair) {
    return pair->has_music;
}

bool momui_pair_has_motion(const momui_pair *pair) {
    return pair->has_motion;
}

bool momui_pair_has_both(const momui_pair *pair) {
    return pair->has_music && pair->has_motion;
}

bool momui_pair_has_genre(const momui_pair *pair) {
    return pair->has_motion && pair->genre > 0;
}

bool momui_pair_has_beats(const momui_pair *pair) {
    return momui_pair_has_both(pair) && pair->beat_count >= 2;
}

momui_pair_filter momui_task_filter(const momui_network_task *task) {
    switch (task->network) {
    case MOMUI_TRAIN_NET_MUSIC:
    case MOMUI_TRAIN_NET_VOCODER:
        return momui_pair_has_music;
    case MOMUI_TRAIN_NET_MOTION:
    case MOMUI_TRAIN_NET_KEYPOINTS:
        return momui_pair_has_motion;
    case MOMUI_TRAIN_NET_GENRE_CLASSIFIER:
        return momui_pair_has_genre;
    case MOMUI_TRAIN_NET_BEAT_TRACKER:
        return momui_pair_has_beats;
    case MOMUI_TRAIN_NET_TO_MUSIC:
    case MOMUI_TRAIN_NET_TO_MOTION:
        break;
    }
    return momui_pair_has_both;
}

int64_t momui_dataset_frames(const momui_dataset *data, bool validation, momui_pair_filter filter) {
    int64_t total = 0;
    for (size_t i = 0; i < data->count; i++)
        if (data->items[i].validation == validation && filter(&data->items[i]))
            total += data->items[i].frames;
    return total;
}

static const momui_pair *pair_at(const momui_dataset *data, bool validation,
                                 momui_pair_filter filter, int64_t frame) {
    const momui_pair *last = NULL;
    for (size_t i = 0; i < data->count; i++) {
        const momui_pair *pair = &data->items[i];
        if (pair->validation != validation || !filter(pair))
            continue;
        last = pair;
        if (frame < pair->frames)
            break;
        frame -= pair->frames;
    }
    return last;
}

momui_crop *momui_draw_crops(const momui_trainer *trainer, momui_graph *g, const momui_draw *draw,
                             int64_t frames, momui_pair_filter filter, int count) {
    int64_t total = momui_dataset_frames(&trainer->data, draw->validation, filter);
    if (total <= 0) {
        g->status = momui_fail(g->error, MOMU_ERROR_INTERNAL, "no pair to draw a batch from");
        return NULL;
    }
    momui_crop *crops = momui_arena_alloc(g->arena, (size_t)count, sizeof *crops);
    if (!crops) {
        g->status = momui_fail_memory(g->error, "a batch");
        return NULL;
    }
    momui_random random = momui_draw_random(draw, MOMUI_DRAW_CROPS);
    int64_t down = trainer->bundle->config.down;
    for (int i = 0; i < count; i++) {
        uint32_t bound = total > UINT32_MAX ? UINT32_MAX : (uint32_t)total;
        const momui_pair *pair = pair_at(&trainer->data, draw->validation, filter,
                                         (int64_t)momui_random_below(&random, bound));
        int64_t starts = pair->frames > frames ? (pair->frames - frames) / down + 1 : 1;
        crops[i].pair = pair;
        crops[i].start = (int64_t)momui_random_below(&random, (uint32_t)starts) * down;
    }
    return crops;
}

int64_t momui_crop_frames(const momui_trainer *trainer, double seconds) {
    const momui_config *config = &trainer->bundle->config;
    double latents = seconds * (double)config->sample_rate / (double)(config->hop * config->down);
    return (int64_t)fmax(1.0, floor(latents + 0.5)) * config->down;
}

float momui_kl_weight(const momui_trainer *trainer) {
    return strcmp(trainer->bundle->config.preset, "paper") == 0 ? 1.25e-6f : 1e-6f;
}

/* One crop's rows, standardised; frames beyond the end are `silence`, or the last frame again. */
static void crop_rows(const momui_rows *source, int64_t have, int64_t start, int64_t frames,
                      const float *silence, const float *mean, const float *deviation, float *out) {
    int32_t channels = source->channels;
    for (int64_t t = 0; t < frames; t++) {
        int64_t at = start + t;
        bool beyond = at >= have;
        float *row = out + (size_t)t * (size_t)channels;
        momui_rows_get(source, beyond ? have - 1 : at, row);
        for (int32_t c = 0; c < channels; c++)
            row[c] = ((beyond && silence ? *silence : row[c]) - mean[c]) / deviation[c];
    }
}

void momui_music_rows(const momui_trainer *trainer, const momui_pair *pair, int64_t start,
                      int64_t frames, float *out) {
    const momui_bundle *bundle = trainer->bundle;
    bool wave = bundle->config.wave;
    crop_rows(wave ? &pair->wave : &pair->mel, pair->frames, start, frames,
              wave ? &momui_silent_wave : &momui_silent_mel, bundle->mel_mean->data,
              bundle->mel_std->data, out);
}

void momui_motion_rows(const momui_trainer *trainer, const momui_pair *pair, int64_t start,
                       int64_t frames, float *out) {
    const momui_bundle *bundle = trainer->bundle;
    crop_rows(&pair->features, pair->frames, start, frames, NULL, bundle->motion_mean->data,
              bundle->motion_std->data, out);
}

momui_tensor *momui_batch_music(const momui_trainer *trainer, momui_graph *g,
                                const momui_crop *crops, int count, int64_t frames) {
    int64_t channels = trainer->bundle->config.music.in_channels;
    momui_tensor *x = momui_tensor_new(g, 3, (int64_t[]){count, frames, channels});
    for (int i = 0; x && i < count; i++)
        momui_music_rows(trainer, crops[i].pair, crops[i].start, frames,
                         x->data + i * frames * channels);
    return x;
}

momui_tensor *momui_batch_motion(const momui_trainer *trainer, momui_graph *g,
                                 const momui_crop *crops, int count, int64_t frames) {
    int64_t channels = trainer->bundle->config.features;
    momui_tensor *x = momui_tensor_new(g, 3, (int64_t[]){count, frames, channels});
    for (int i = 0; x && i < count; i++)
        momui_motion_rows(trainer, crops[i].pair, crops[i].start, frames,
                          x->data + i * frames * channels);
    return x;
}

momui_tensor *momui_batch_condition(const momui_trainer *trainer, momui_graph *g,
                                    const momui_crop *crops, int count, int64_t frames,
                                    bool to_music) {
    const momui_bundle *bundle = trainer->bundle;
    const momui_tensor *mean = to_music ? bundle->dance_mean : bundle->mfcc_mean;
    const momui_tensor *deviation = to_music ? bundle->dance_std : bundle->mfcc_std;
    int64_t channels = mean->shape[0];
    momui_tensor *x = momui_tensor_new(g, 3, (int64_t[]){count, frames, channels});
    for (int i = 0; x && i < count; i++)
        crop_rows(to_music ? &crops[i].pair->features : &crops[i].pair->mfcc, crops[i].pair->frames,
                  crops[i].start, frames, NULL, mean->data, deviation->data,
                  x->data + (size_t)i * (size_t)frames * (size_t)channels);
    return x;
}

int64_t momui_scaled_latents(const momui_bundle *bundle, const momui_crop *crop, bool music,
                             int64_t length, float *out) {
    const momui_pair *pair = crop->pair;
    const float *latent = music ? pair->music_latent : pair->motion_latent;
    const momui_tensor *mean = music ? bundle->music_latent_mean : bundle->motion_latent_mean;
    const momui_tensor *deviation = music ? bundle->music_latent_std : bundle->motion_latent_std;
    int64_t channels = bundle->config.latent, start = crop->start / bundle->config.down;
    int64_t valid = pair->latents - start < length ? pair->latents - start : length;
    memset(out, 0, (size_t)(length * channels) * sizeof *out);
    for (int64_t t = 0; t < valid; t++)
        for (int64_t c = 0; c < channels; c++)
            out[t * channels + c] =
                (latent[(start + t) * channels + c] - mean->data[c]) / deviation->data[c];
    return valid;
}

bool momui_draw_clips(const momui_trainer *trainer, momui_graph *g, const momui_draw *draw,
                      momui_segment_draw *clips) {
    double longest = trainer->settings.seconds, shortest = fmin(clips->shortest, longest);
    momui_random random = {draw->seed, draw->common + MOMUI_DRAW_LEVELS, 0};
    int64_t down = trainer->bundle->config.down;
    int64_t frames = momui_crop_frames(
        trainer, shortest + (longest - shortest) * (double)momui_random_uniform(&random));
    clips->crops = momui_draw_crops(trainer, g, draw, frames, clips->filter, draw->batch);
    clips->length = frames / down;
    for (int i = 0; clips->crops && i < draw->batch; i++) {
        int64_t valid = clips->crops[i].pair->latents - clips->crops[i].start / down;
        clips->length = valid < clips->length ? valid : clips->length;
    }
    clips->length = clips->length > clips->least ? clips->length : clips->least;
    return clips->crops != NULL;
}

momui_tensor *momui_noisy_latents(const momui_trainer *trainer, momui_graph *g,
                                  const momui_draw *draw, const momui_segment_draw *clips,
                                  bool music, int purpose, float noise) {
    int64_t channels = trainer->bundle->config.latent, length = clips->length;
    momui_tensor *x = momui_tensor_new(g, 3, (int64_t[]){draw->batch, length, channels});
    const float *normals =
        momui_draw_normals(g, draw, purpose, (size_t)(draw->batch * length * channels));
    if (!x || !normals)
        return NULL;
    for (int i = 0; i < draw->batch; i++)
        momui_scaled_latents(trainer->bundle, &clips->crops[i], music, length,
                             x->data + i * length * channels);
    for (int64_t i = 0; !draw->validation && i < momui_tensor_count(x); i++)
        x->data[i] += noise * normals[i];
    return x;
}

momui_tensor *momui_loss_sum(momui_graph *g, momui_tensor *const *parts, const float *weights,
                             int count, double *terms) {
    momui_tensor *sum = momui_op_weighted_sum(g, parts, weights, count);
    for (int i = 0; sum && i < count; i++)
        terms[i] = (double)parts[i]->data[0];
    return sum;
}

momui_tensor *momui_reconstruct(momui_graph *g, const momui_draw *draw,
                                const momui_autoencoder *network, momui_tensor *x,
                                momui_reconstruction *out) {
    *out = (momui_reconstruction){0};
    momui_autoencoder_encode(g, network, x, &out->mean, &out->logvar);
    if (g->status != MOMU_OK)
        return NULL;
    float *noise =
        momui_draw_normals(g, draw, MOMUI_DRAW_POSTERIOR, (size_t)momui_tensor_count(out->mean));
    momui_tensor *z = noise ? momui_op_reparameterise(g, out->mean, out->logvar, noise) : NULL;
    return momui_autoencoder_decode_by(g, network, z, &out->hidden);
}
