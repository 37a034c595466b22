/* The one path from sound and motion to what the networks read, and back. Generation, training and
 * evaluation take it:
 *
 *   sound  -> mono -> the model's rate -> log-mel (frames, bands)
 *                                      -> waves (frames, hop)     where the model reads samples
 *                        log-mel       -> MFCCs (frames, MOMUI_MFCCS)
 *   motion -> canonical body, or keypoints -> the clock -> the layout (frames, features)
 *                                                       -> rhythm (frames, MOMUI_RHYTHM_ROWS)
 *
 * Frame k of all of them is the instant (k + 0.5) / rate, where rate = sample_rate / hop. Values
 * are as measured; momui_standardise() makes the networks' input of them (docs/features.md).
 */
#ifndef MOMUI_FEATURES_FEATURES_H
#define MOMUI_FEATURES_FEATURES_H

#include "base/audio_buffer.h"
#include "dsp/mel.h"
#include "models/models.h"
#include "motion/layout.h"
#include "motion/motion.h"

/* Frames a second of all features. */
double momui_feature_rate(const momui_config *config);

/* ---- sound_features.c ---- */

/* The model's front end. */
momui_mel_config momui_feature_mel(const momui_config *config);

/* (samples): the mean channel at `rate`. */
momu_status momui_sound_at_rate(momui_memory *memory, const momui_audio *audio, double rate,
                                float **mono, int64_t *samples, momu_error *error);

/* All that a sound is to a model, of one resampling. Freed with momui_sound_features_release(). */
typedef struct momui_sound_features {
    int64_t frames;
    float *mel;   /* (frames, bands) log10, or NULL */
    float *waves; /* (frames, hop) samples within -1..1, or NULL */
    float *mfcc;  /* (frames, MOMUI_MFCCS), or NULL */
} momui_sound_features;

enum { MOMUI_SOUND_MEL = 1, MOMUI_SOUND_WAVES = 2, MOMUI_SOUND_MFCC = 4 };

/* `wanted` is of MOMUI_SOUND_ bits. ARGUMENT: the sound has not one frame. */
momu_status momui_sound_features_make(momui_memory *memory, const momui_config *config,
                                      const momui_audio *audio, unsigned wanted,
                                      momui_sound_features *features, momu_error *error);
void momui_sound_features_release(momui_sound_features *features);

/* ---- motion_features.c ---- */

/* The dance as the layout reads it, frame k at (k + 0.5) / rate: the canonical body, for the
 * layouts of keypoints that body as a camera sees it; keypoints stay what they are, whatever the
 * layout. `frames` below 1: as many as the dance lasts. `filled` (may be NULL) gets a bit for each
 * joint of the body that the dance does not have. UNSUPPORTED names the joint without which there
 * is no body. */
momu_status momui_motion_on_clock(momui_memory *memory, momui_layout layout,
                                  const momui_motion *motion, double rate, int64_t frames,
                                  momui_motion **clocked, uint32_t *filled, momu_error *error);

/* A dance on the clock -> (frames, the layout's features). */
momu_status momui_motion_features(momui_memory *memory, momui_layout layout,
                                  const momui_motion *clocked, float **features, momu_error *error);

/* A dance of keypoints on the clock -> (frames, MOMUI_PROJECTED_FEATURES) for a keypoint encoder.
 */
momu_status momui_keypoint_features(momui_memory *memory, const momui_motion *clocked, float **rows,
                                    momu_error *error);

/* Back: (frames, features) as measured -> a motion on the clock. `foot_lock` and `feet` are of
 * body3d alone; `feet` stays as it is for the other layouts. */
momu_status momui_motion_from_features(momui_memory *memory, momui_layout layout,
                                       const float *features, int64_t frames, bool foot_lock,
                                       momui_motion **motion, momui_feet_report *feet,
                                       momu_error *error);

/* ---- standardise.c ---- */

/* Values that stand for silence behind a sound's end, in mels and in waves. */
extern const float momui_silent_mel, momui_silent_wave;

/* (frames, channels) <- (row - mean) / std of rows (have, channels); behind `have` stands
 * `*padding`, or where it is NULL the last row again. mean, std (channels). out == rows is allowed
 * where have
 * == frames. */
void momui_standardise(const float *rows, int64_t have, int64_t frames, const momui_tensor *mean,
                       const momui_tensor *std, const float *padding, float *out);
/* Back, in place: rows (frames, channels) <- row * std + mean. */
void momui_restore(float *rows, int64_t frames, const momui_tensor *mean, const momui_tensor *std);
/* Behind `have` the last of rows (frames, channels) again. */
void momui_hold_last(float *rows, int64_t have, int64_t frames, int64_t channels);

#endif
