/* Stage keypoints: an encoder of 2-D keypoints, which learns to predict the motion autoencoder's
 * latents of the body in space (distillation).
 *
 *   crop (B, T, 206) -> latents (B, T/down, d) by the frozen motion encoder
 *                    -> a camera -> keypoints (B, T, 42) -> latents (B, T/down, d)
 *   loss = |difference| of the posteriors' means, each channel by its deviation
 */
#include "motion/camera.h"
#include "train/losses/loss_ops.h"
#include "train/stages/trainer.h"

#include <string.h>

static momu_status prepare(momui_trainer *trainer, momu_error *error) {
    const momui_bundle *bundle = trainer->bundle;
    if (!bundle->keypoints)
        return momui_fail(
            error, MOMU_ERROR_ARGUMENT,
            "stage keypoints needs a model with a keypoint encoder; this one (%s) has "
            "none",
            bundle->config.preset);
    if (!momui_statistics_trained(bundle->motion_mean, bundle->motion_std))
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "stage keypoints needs a trained motion autoencoder: run stage motion "
                          "first with the same --out, or name a model with --init");
    if (momui_dataset_frames(&trainer->data, false, momui_pair_has_motion) == 0)
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "%s: stage keypoints needs at least one motion in the training part; "
                          "found none",
                          trainer->options->data);
    return MOMU_OK;
}

/* One crop as 2-D keypoints of a drawn camera (camera augmentation): (frames, 42). */
static bool view_crop(const momui_trainer *trainer, momui_graph *g, const momui_crop *crop,
                      int64_t frames, momui_random *random, float *rows) {
    int64_t channels = trainer->bundle->config.features;
    momui_arena_mark mark = momui_arena_position(g->arena);
    float *features = momui_arena_alloc(g->arena, (size_t)(frames * channels), sizeof *features);
    if (!features) {
        g->status = momui_fail_memory(g->error, "a batch");
        return false;
    }
    for (int64_t t = 0; t < frames; t++) {
        int64_t at =
            crop->start + t < crop->pair->frames ? crop->start + t : crop->pair->frames - 1;
        momui_rows_get(&crop->pair->features, at, features + t * channels);
    }
    g->status = momui_camera_augment(g->arena, features, frames, random, rows, g->error);
    momui_arena_reset(g->arena, mark);
    return g->status == MOMU_OK;
}

momui_tensor *momui_batch_camera_views(const momui_trainer *trainer, momui_graph *g,
                                       const momui_crop *crops, int count, int64_t frames,
                                       momui_random random) {
    momui_tensor *x = momui_tensor_new(g, 3, (int64_t[]){count, frames, MOMUI_PROJECTED_FEATURES});
    for (int i = 0; x && i < count; i++) {
        random.index = (uint64_t)i << 32; /* each clip has numbers of its own */
        if (!view_crop(trainer, g, &crops[i], frames, &random,
                       x->data + (int64_t)i * frames * MOMUI_PROJECTED_FEATURES))
            return NULL;
    }
    return x;
}

static momui_tensor *loss(momui_trainer *trainer, momui_graph *g, const momui_draw *draw,
                          double *terms) {
    const momui_bundle *bundle = draw->bundle;
    int64_t frames = momui_crop_frames(trainer, trainer->settings.seconds);
    momui_crop *crops =
        momui_draw_crops(trainer, g, draw, frames, momui_pair_has_motion, draw->batch);
    if (!crops)
        return NULL;
    momui_tensor *x = momui_batch_camera_views(trainer, g, crops, draw->batch, frames,
                                               momui_draw_random(draw, MOMUI_DRAW_NOISE));
    momui_tensor *body = momui_batch_motion(trainer, g, crops, draw->batch, frames);
    momui_tensor *target = NULL, *mean = NULL, *unused = NULL;
    momui_autoencoder_encode(g, bundle->motion, body, &target, &unused);
    momui_autoencoder_encode(g, bundle->keypoints, x, &mean, &unused);
    float weights[1024];
    for (int32_t c = 0; c < bundle->config.latent; c++)
        weights[c] = 1.0f / bundle->motion_latent_std->data[c];
    momui_tensor *part = momui_op_l1(g, mean, target, weights);
    return part ? momui_loss_sum(g, &part, (float[]){1.0f}, 1, terms) : NULL;
}

static void finish(momui_trainer *trainer) {
    trainer->bundle->keypoints_trained->data[0] = 1;
}

const momui_network_task momui_task_keypoints = {.name = "keypoints",
                                                 .network = MOMUI_TRAIN_NET_KEYPOINTS,
                                                 .trained = {"keypoint_encoder."},
                                                 .terms = {"difference"},
                                                 .average = true,
                                                 .rows = true,
                                                 .rate = 6e-4,
                                                 .seconds = 4,
                                                 .share = 0.1,
                                                 .batch = 16,
                                                 .steps = 6000,
                                                 .warmup = 50,
                                                 .prepare = prepare,
                                                 .loss = loss,
                                                 .finish = finish};
