/* Stage 1: the music autoencoder on standardised log-mels, or on the samples themselves.
 *
 *   crop (B, T, 80 or hop) -> mean, logvar (B, T/down, d) -> a sample -> (B, T, 80 or hop)
 *   loss = |x^ - x| + kl_weight KL, and in the later part of a run gan_weight x adaptive x -mean
 * D(x^)
 */
#include "train/losses/loss_ops.h"
#include "train/stages/adversarial_weight.h"

static momui_row_view mel_rows(const momui_pair *pair) {
    return (momui_row_view){.count = pair->frames, .packed = &pair->mel};
}

static momui_row_view wave_rows(const momui_pair *pair) {
    return (momui_row_view){.count = pair->frames, .packed = &pair->wave};
}

static momu_status prepare(momui_trainer *trainer, momu_error *error) {
    momui_bundle *bundle = trainer->bundle;
    int64_t frames = momui_dataset_frames(&trainer->data, false, momui_pair_has_music);
    if (frames == 0)
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "%s: stage music needs at least one music file in the training part; "
                          "found none",
                          trainer->options->data);
    if (momui_statistics_trained(bundle->mel_mean, bundle->mel_std))
        return MOMU_OK; /* the weights to start from rest on them */
    bool wave = bundle->config.wave;
    return momui_dataset_statistics(&trainer->data, bundle->config.music.in_channels,
                                    wave ? 0.01 : 0.05, wave ? wave_rows : mel_rows,
                                    bundle->mel_mean->data, bundle->mel_std->data, error);
}

static momui_tensor *loss(momui_trainer *trainer, momui_graph *g, const momui_draw *draw,
                          double *terms) {
    int batch = draw->batch;
    int64_t frames = momui_crop_frames(trainer, trainer->settings.seconds);
    momui_crop *crops = momui_draw_crops(trainer, g, draw, frames, momui_pair_has_music, batch);
    if (!crops)
        return NULL;
    momui_tensor *x = momui_batch_music(trainer, g, crops, batch, frames);
    momui_reconstruction way;
    momui_tensor *y = momui_reconstruct(g, draw, draw->bundle->music, x, &way);
    if (!y)
        return NULL;
    momui_tensor *parts[3] = {momui_op_l1(g, y, x, NULL), momui_op_kl(g, way.mean, way.logvar)};
    momui_discriminator_use now =
        draw->validation ? MOMUI_DISCRIMINATOR_OFF : momui_trainer_uses_discriminator(trainer);
    if (now == MOMUI_DISCRIMINATOR_GUIDES) {
        parts[2] = momui_discriminator_gradient(trainer, g, y, x, way.hidden,
                                                momui_autoencoder_last_weight(draw->bundle->music),
                                                &terms[2], &terms[3]);
        if (!parts[2])
            return NULL;
    }
    if (now != MOMUI_DISCRIMINATOR_OFF)
        terms[4] = momui_discriminator_training_learn(&trainer->discriminator, draw->micro_batch, g,
                                                      x, y, draw->share);
    float weights[3] = {1.0f, momui_kl_weight(trainer), 1.0f};
    double generator = terms[2];
    momui_tensor *sum = momui_loss_sum(g, parts, weights, parts[2] ? 3 : 2, terms);
    if (sum && parts[2]) { /* the third part is a gradient; its value has no meaning */
        sum->data[0] -= parts[2]->data[0];
        terms[2] = generator;
    }
    return sum;
}

static void finish(momui_trainer *trainer) {
    if (trainer->options->decoder_only)
        return;
    /* New weights give new latents: diffusion takes their statistics anew. */
    momui_statistics_reset(trainer->bundle->music_latent_mean, trainer->bundle->music_latent_std);
    if (trainer->bundle->music_beat_tracker) /* it read the old latents */
        trainer->bundle->beats_trained->data[0] = 0;
}

const momui_network_task momui_task_music = {
    .name = "music",
    .network = MOMUI_TRAIN_NET_MUSIC,
    .trained = {"music_vae."},
    .terms = {"reconstruction", "kl", "generator", "adaptive", "discriminator"},
    .discriminator = MOMUI_PATCHES,
    .gan = 0.5,
    .rate = 4e-4,
    .seconds = 4,
    .share = 0.2,
    .batch = 16,
    .steps = 4000,
    .warmup = 50,
    .prepare = prepare,
    .loss = loss,
    .finish = finish};
