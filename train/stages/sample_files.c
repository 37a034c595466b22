/* Writes validation samples: sound, motion and a picture of both above their target. */
#include "train/stages/sample_files.h"

#include "base/audio_buffer.h"
#include "dsp/griffin_lim.h"
#include "dsp/levels.h"
#include "io/motion_file.h"
#include "io/sound/sound.h"
#include "motion/layout.h"
#include "tools/draw/pictures.h"
#include "tools/draw/png.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { WIDTH = 1000, MEL_HEIGHT = 160, POSES = 16, POSE_SIZE = 150, GAP = 10 };

static const char *named(momui_validation_sample *s, const char *extension) {
    snprintf(s->path, sizeof s->path, "%.1000s/samples/%s-%07lld%s", s->trainer->options->out,
             s->trainer->task->name, (long long)s->trainer->settings.step, extension);
    return s->path;
}

/* ---- sound ---- */

momu_status momui_sample_write_sound(momui_validation_sample *s, float *mono, int64_t samples) {
    const momui_config *c = &s->trainer->bundle->config;
    momui_limit(mono, samples, 0.98f);
    momui_audio *audio = momui_audio_new(s->trainer->memory, samples, 1, c->sample_rate);
    if (!audio)
        return momui_fail_memory(s->error, "a sample");
    memcpy(audio->samples, mono, (size_t)samples * sizeof *mono);
    momu_status status = momui_sound_write(audio, named(s, ".wav"), s->error);
    momui_audio_free(audio);
    return status;
}

/* Made mels above, those of target below; (frames, bands) as measured. */
static momu_status draw_music(momui_validation_sample *s, const float *made, const float *target) {
    int32_t bands = s->trainer->bundle->config.mel_bands;
    momui_canvas canvas;
    MOMUI_TRY(momui_canvas_open(s->trainer->memory, WIDTH, 2 * MEL_HEIGHT + GAP,
                                (momui_color){255, 255, 255}, &canvas, s->error));
    momui_draw_mel(&canvas, 0, 0, WIDTH, MEL_HEIGHT, made, s->frames, bands);
    momui_draw_mel(&canvas, 0, MEL_HEIGHT + GAP, WIDTH, MEL_HEIGHT, target, s->frames, bands);
    momu_status status = momui_png_write(s->trainer->memory, named(s, ".png"), canvas.rgb,
                                         canvas.width, canvas.height, s->error);
    momui_canvas_release(&canvas);
    return status;
}

/* Of a model of waves: (1, frames, hop) samples, drawn as mels. */
static momu_status write_waves(momui_validation_sample *s, momui_tensor *made,
                               const momui_tensor *target) {
    momui_memory *memory = s->trainer->memory;
    momui_mel_config shape = momui_feature_mel(&s->trainer->bundle->config);
    float *mels[2] = {NULL, NULL};
    int64_t samples = momui_tensor_count(made), frames = 0;
    momu_status status;
    MOMUI_TRY_GOTO(momui_mel(memory, &shape, made->data, samples, &mels[0], &frames, s->error),
                   status, done);
    MOMUI_TRY_GOTO(momui_mel(memory, &shape, target->data, samples, &mels[1], &frames, s->error),
                   status, done);
    MOMUI_TRY_GOTO(draw_music(s, mels[0], mels[1]), status, done);
    MOMUI_TRY_GOTO(momui_sample_write_sound(s, made->data, samples), status, done);
done:
    momui_free(mels[0]);
    momui_free(mels[1]);
    return status;
}

/* A picture, then sound of the made mels. Both as measured. */
momu_status momui_sample_write_music(momui_validation_sample *s, momui_tensor *made,
                                     const momui_tensor *target) {
    const momui_bundle *bundle = s->trainer->bundle;
    int64_t count = momui_tensor_count(made), samples = 0;
    if (bundle->config.wave)
        return write_waves(s, made, target);
    for (int64_t i = 0; i < count; i++)
        made->data[i] = fminf(2.0f, fmaxf(-5.0f, made->data[i]));
    MOMUI_TRY(draw_music(s, made->data, target->data));
    momui_mel_config mel = momui_feature_mel(&bundle->config);
    float *mono = NULL;
    MOMUI_TRY(momui_griffin_lim(s->trainer->memory, &mel, made->data, s->frames, 32, 1, &mono,
                                &samples, s->error));
    momu_status status = momui_sample_write_sound(s, mono, samples);
    momui_free(mono);
    return status;
}

/* ---- motion ---- */

static momu_status to_motion(momui_validation_sample *s, const float *features,
                             momui_motion **motion) {
    momui_memory *memory = s->trainer->memory;
    switch (s->trainer->bundle->config.layout) {
    case MOMUI_LAYOUT_BODY3D:
        return momui_body3d_decode(memory, features, s->frames, NULL, true, motion, NULL, s->error);
    case MOMUI_LAYOUT_POSITIONS2D:
        return momui_positions2d_decode(memory, features, s->frames, NULL, NULL, motion, s->error);
    default:
        return momui_directions2d_decode(memory, features, s->frames, NULL, NULL, motion, s->error);
    }
}

static void draw_row(momui_canvas *canvas, int row, const momui_motion *motion) {
    for (int i = 0; i < POSES; i++)
        momui_draw_dancer(canvas, (i + 0.5) * WIDTH / POSES, (row + 1) * POSE_SIZE,
                          POSE_SIZE * 0.95, motion,
                          (int64_t)((i + 0.5) / POSES * (double)motion->frames));
}

/* The made dance above, that of target below; features as measured. */
momu_status momui_sample_write_dance(momui_validation_sample *s, const momui_tensor *made,
                                     const momui_tensor *target) {
    momui_motion *motions[2] = {NULL, NULL};
    momui_canvas canvas = {0};
    bool body = s->trainer->bundle->config.layout == MOMUI_LAYOUT_BODY3D;
    momu_status status;
    MOMUI_TRY_GOTO(to_motion(s, made->data, &motions[0]), status, done);
    MOMUI_TRY_GOTO(to_motion(s, target->data, &motions[1]), status, done);
    MOMUI_TRY_GOTO(momui_canvas_open(s->trainer->memory, WIDTH, 2 * POSE_SIZE + GAP,
                                     (momui_color){255, 255, 255}, &canvas, s->error),
                   status, done);
    draw_row(&canvas, 0, motions[0]);
    draw_row(&canvas, 1, motions[1]);
    MOMUI_TRY_GOTO(momui_png_write(s->trainer->memory, named(s, ".png"), canvas.rgb, canvas.width,
                                   canvas.height, s->error),
                   status, done);
    MOMUI_TRY_GOTO(momui_motion_write(motions[0], named(s, body ? ".bvh" : ".npz"), NULL, s->error),
                   status, done);
done:
    momui_canvas_release(&canvas);
    momui_motion_free(motions[0]);
    momui_motion_free(motions[1]);
    return status;
}
