/* Stage 4: the vocoder, on sound.
 *
 *   crop (B, frames * hop) -> log-mels (B, frames, bands), half of the clips through the music
 *   autoencoder, standardised -> head (B, frames, n_fft + 2) -> sound (B, frames * hop)
 *   loss = 45 |ln mel(y) - ln mel(x)| + 15 |Y^0.3 - X^0.3| over four resolutions, and in the later
 *   part of a run gan_weight (-mean D(y) + |features of D|)
 */
#include "dsp/mel.h"
#include "train/datasets/held_chord.h"
#include "train/losses/loss_ops.h"
#include "train/losses/spectra.h"
#include "train/stages/trainer.h"

#include <string.h>

static const float MEL_WEIGHT = 45.0f, MAGNITUDE_WEIGHT = 15.0f, LN10 = 2.302585093f;
static const float HELD_CHORDS = 0.15f; /* of the clips */

static momu_status prepare(momui_trainer *trainer, momu_error *error) {
    const momui_bundle *bundle = trainer->bundle;
    if (!bundle->vocoder)
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "stage vocoder needs a model with a vocoder of type vocos; this one (%s) "
                          "makes sound without one",
                          bundle->config.preset);
    if (!momui_statistics_trained(bundle->mel_mean, bundle->mel_std))
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "stage vocoder needs a trained music autoencoder: run stage music first "
                          "with the same --out, or name a model with --init");
    if (momui_dataset_frames(&trainer->data, false, momui_pair_has_music) == 0)
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "%s: stage vocoder needs at least one music file in the training "
                          "part; found none",
                          trainer->options->data);
    momui_mel_config mel = momui_feature_mel(&bundle->config);
    momui_mel_bank_close(&trainer->filters);
    return momui_mel_bank_open(trainer->memory, &mel, &trainer->filters, error);
}

/* (frames, hop); beyond a pair's end silence. */
static void crop_sound(const momui_crop *crop, int64_t frames, int64_t hop, float *out) {
    for (int64_t t = 0; t < frames; t++) {
        int64_t at = crop->start + t;
        if (at < crop->pair->wave.count)
            momui_rows_get(&crop->pair->wave, at, out + t * hop);
        else
            memset(out + t * hop, 0, (size_t)hop * sizeof *out);
    }
}

/* (count, frames * hop): crops, and some chords in their place. */
static momui_tensor *draw_sound(const momui_trainer *trainer, momui_graph *g,
                                const momui_draw *draw, const momui_crop *crops, int64_t frames) {
    const momui_config *c = &trainer->bundle->config;
    int64_t samples = frames * c->hop;
    momui_tensor *x = momui_tensor_new(g, 2, (int64_t[]){draw->batch, samples});
    for (int i = 0; x && i < draw->batch; i++) {
        momui_random random = momui_draw_random(draw, MOMUI_DRAW_CHORDS);
        random.index = (uint64_t)i * 256; /* each clip has numbers of its own */
        if (momui_random_uniform(&random) < HELD_CHORDS && !draw->validation)
            momui_held_chord(&random, samples, c->sample_rate, x->data + i * samples);
        else
            crop_sound(&crops[i], frames, c->hop, x->data + i * samples);
    }
    return x;
}

static momui_tensor *mel_of(const momui_trainer *trainer, momui_graph *g, momui_tensor *sound) {
    const momui_config *c = &trainer->bundle->config;
    momui_tensor *filters = momui_tensor_from(
        g, 2, (int64_t[]){trainer->filters.bands, trainer->filters.bins}, trainer->filters.filters);
    return sound ? momui_op_log_mel(g, sound, c->n_fft, c->hop, filters) : NULL;
}

/* Standardised, and every second clip through the music autoencoder. */
static momui_tensor *vocoder_input(const momui_trainer *trainer, momui_graph *g,
                                   const momui_tensor *mel) {
    const momui_bundle *bundle = trainer->bundle;
    if (!mel)
        return NULL;
    int64_t batch = mel->shape[0], row = mel->shape[1] * mel->shape[2], bands = mel->shape[2];
    momui_tensor *x = momui_tensor_new(g, 3, mel->shape);
    momui_tensor *half = momui_tensor_new(g, 3, (int64_t[]){batch / 2, mel->shape[1], bands});
    if (!x || !half)
        return NULL;
    for (int64_t i = 0; i < batch * row; i++)
        x->data[i] =
            (mel->data[i] - bundle->mel_mean->data[i % bands]) / bundle->mel_std->data[i % bands];
    for (int64_t i = 0; i < batch / 2; i++)
        memcpy(half->data + i * row, x->data + (2 * i + 1) * row, (size_t)row * sizeof(float));
    if (batch < 2)
        return x;
    momui_tensor *mean = NULL, *logvar = NULL;
    momui_autoencoder_encode(g, bundle->music, half, &mean, &logvar);
    momui_tensor *back = momui_autoencoder_decode(g, bundle->music, mean);
    for (int64_t i = 0; back && i < batch / 2; i++)
        memcpy(x->data + (2 * i + 1) * row, back->data + i * row, (size_t)row * sizeof(float));
    return back ? x : NULL;
}

static momui_tensor *magnitude_error(momui_graph *g, momui_tensor *y, momui_tensor *x) {
    /* The longest window resolves a partial and its neighbours at the frame rate, which buzz; a
     * crop may be too short for it. */
    int scales = x->shape[1] < MOMUI_LONGEST_WINDOW ? MOMUI_SPECTRUM_SCALES : MOMUI_ERROR_SCALES;
    momui_tensor *parts[MOMUI_ERROR_SCALES];
    float weights[MOMUI_ERROR_SCALES];
    for (int i = 0; i < scales; i++) {
        parts[i] = momui_op_l1(g, momui_op_magnitudes(g, y, i), momui_op_magnitudes(g, x, i), NULL);
        weights[i] = 1.0f / (float)scales;
    }
    return momui_op_weighted_sum(g, parts, weights, scales);
}

/* The generator's losses: parts[0] of the discriminator's logits, parts[1] of its features. */
static bool generator_losses(const momui_trainer *trainer, momui_graph *g, momui_tensor *y,
                             momui_tensor *x, momui_tensor **parts) {
    momui_discriminator_output made, real;
    if (!momui_discriminator_training_forward(&trainer->discriminator, g, y, &made) ||
        !momui_discriminator_training_forward(&trainer->discriminator, g, x, &real))
        return false;
    parts[0] = momui_discriminator_generator_loss(g, &made);
    parts[1] = momui_discriminator_feature_loss(g, &real, &made);
    return g->status == MOMU_OK;
}

static momui_tensor *loss(momui_trainer *trainer, momui_graph *g, const momui_draw *draw,
                          double *terms) {
    const momui_config *c = &trainer->bundle->config;
    int64_t frames = momui_crop_frames(trainer, trainer->settings.seconds);
    momui_crop *crops =
        momui_draw_crops(trainer, g, draw, frames, momui_pair_has_music, draw->batch);
    if (!crops)
        return NULL;
    momui_tensor *x = draw_sound(trainer, g, draw, crops, frames);
    momui_tensor *mel = mel_of(trainer, g, x), *input = vocoder_input(trainer, g, mel);
    if (!input)
        return NULL;
    momui_tensor *head = momui_vocoder_forward(g, draw->bundle->vocoder, input);
    momui_tensor *y = momui_op_wave_from_head(g, head, c->n_fft, c->hop);
    momui_tensor *parts[4] = {momui_op_l1(g, mel_of(trainer, g, y), mel, NULL),
                              magnitude_error(g, y, x)};
    float gan = (float)trainer->settings.gan;
    float weights[4] = {MEL_WEIGHT * LN10, MAGNITUDE_WEIGHT, gan, gan};
    momui_discriminator_use now =
        draw->validation ? MOMUI_DISCRIMINATOR_OFF : momui_trainer_uses_discriminator(trainer);
    bool guides = now == MOMUI_DISCRIMINATOR_GUIDES;
    if (g->status != MOMU_OK || (guides && !generator_losses(trainer, g, y, x, parts + 2)))
        return NULL;
    if (now != MOMUI_DISCRIMINATOR_OFF)
        terms[4] = momui_discriminator_training_learn(&trainer->discriminator, draw->micro_batch, g,
                                                      x, y, draw->share);
    return momui_loss_sum(g, parts, weights, guides ? 4 : 2, terms);
}

const momui_network_task momui_task_vocoder = {
    .name = "vocoder",
    .network = MOMUI_TRAIN_NET_VOCODER,
    .trained = {"vocoder."},
    .terms = {"mel", "magnitudes", "generator", "features", "discriminator"},
    .average = true,
    .waves = true,
    .discriminator = MOMUI_SPECTRA,
    .gan = 1.0,
    .rate = 5e-4,
    .seconds = 1.024,
    .share = 0.3,
    .batch = 8,
    .steps = 20000,
    .warmup = 50,
    .prepare = prepare,
    .loss = loss};
