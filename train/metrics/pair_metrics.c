#include "train/metrics/pair_metrics.h"

#include "features/features.h"
#include "io/motion_file.h"
#include "io/sound/sound.h"
#include "motion/body.h"
#include "motion/clock.h"
#include "motion/kinematics.h"
#include "motion/layout.h"

/* ---- dance and sound ---- */

static momu_status to_rate(momui_memory *memory, momui_motion **body, momu_error *error) {
    momui_motion *made = NULL;
    if ((*body)->fps == MOMUI_MOTION_RATE)
        return MOMU_OK;
    int64_t frames = momui_motion_frames_at(*body, MOMUI_MOTION_RATE);
    MOMUI_TRY(momui_motion_resample(memory, *body, MOMUI_MOTION_RATE, 0, frames, &made, error));
    momui_motion_free(*body);
    *body = made;
    return MOMU_OK;
}

momu_status momui_dance_read(momui_memory *memory, const char *path, momui_motion **body,
                             momu_error *error) {
    momui_motion *source = NULL;
    *body = NULL;
    MOMUI_TRY(momui_motion_read(memory, path, NULL, &source, error));
    momu_status status = MOMU_OK;
    if (momui_motion_is_body(source)) {
        *body = source;
        source = NULL;
    } else {
        status = momui_body_from_motion(memory, source, body, NULL, error);
    }
    if (status == MOMU_OK)
        status = to_rate(memory, body, error);
    momui_motion_free(source);
    if (status != MOMU_OK) {
        momui_motion_free(*body);
        *body = NULL;
    }
    return status;
}

momu_status momui_mel_read(momui_memory *memory, const char *path, float **mel, int64_t *frames,
                           momu_error *error) {
    momui_audio *sound = NULL;
    float *samples = NULL;
    int64_t count = 0;
    momu_status status = MOMU_OK;
    *mel = NULL;
    MOMUI_TRY(momui_sound_read(memory, path, &sound, error));
    MOMUI_TRY_GOTO(
        momui_sound_at_rate(memory, sound, momui_mel_default.sample_rate, &samples, &count, error),
        status, done);
    MOMUI_TRY_GOTO(momui_mel(memory, &momui_mel_default, samples, count, mel, frames, error),
                   status, done);
done:
    momui_free(samples);
    momui_audio_free(sound);
    return status;
}
