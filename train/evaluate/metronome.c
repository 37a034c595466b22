/* The metronome: a system that has the true tempo and start, and nothing else. */
#include "train/evaluate/evaluation.h"

#include "motion/kinematics.h"
#include "motion/layout.h"
#include "motion/rotation.h"

#include <math.h>

static const double RATE = 16000;

momu_status momui_metronome_sound(momui_memory *memory, double seconds, double first, double tempo,
                                  momui_audio **sound, momu_error *error) {
    static const double PITCH = 1000, LASTING = 0.06, DECAY = 60, LEVEL = 0.6;
    int64_t frames = (int64_t)floor(seconds * RATE + 0.5);
    *sound = momui_audio_new(memory, frames > 0 ? frames : 1, 1, RATE);
    if (!*sound)
        return momui_fail_memory(error, "a metronome");
    for (int64_t k = 0; tempo > 0; k++) {
        double beat = first + 60 / tempo * (double)k;
        int64_t from = (int64_t)ceil(beat * RATE), to = (int64_t)((beat + LASTING) * RATE);
        if (from >= frames)
            break;
        for (int64_t i = from; i < to && i < frames; i++) {
            double t = (double)i / RATE - beat;
            (*sound)->samples[i] = (float)(LEVEL * exp(-DECAY * t) * sin(2 * MOMUI_PI * PITCH * t));
        }
    }
    return MOMU_OK;
}

/* 0 and 1 in turn on the beats; the way there takes the last 40 % of the beat before and ends at
 * full speed in a stop, as a dancer does on a beat. */
static double sweep(double time, double first, double tempo) {
    static const double WAY = 0.4;
    double beats = (time - first) * tempo / 60, whole = floor(beats), left = 1 - (beats - whole);
    double done = left < WAY ? 1 - left / WAY : 0;
    bool odd = fmod(fabs(whole), 2) > 0.5;
    done *= done;
    return odd ? 1 - done : done;
}

momu_status momui_metronome_dance(momui_memory *memory, double seconds, double first, double tempo,
                                  momui_motion **dance, momu_error *error) {
    static const double DOWN = 1.2, UP = 0.1; /* radians from the arms held out sideways */
    static const int SHOULDERS[] = {MOMUI_LEFT_SHOULDER, MOMUI_RIGHT_SHOULDER};
    int64_t frames = (int64_t)floor(seconds * MOMUI_MOTION_RATE + 0.5);
    momui_motion *m = momui_body_new(memory, frames > 0 ? frames : 1, MOMUI_MOTION_RATE);
    *dance = NULL;
    if (!m)
        return momui_fail_memory(error, "a metronome");
    double height = 0; /* of the pelvis above the balls of the feet */
    for (int j = MOMUI_LEFT_FOOT; j > MOMUI_PELVIS; j = momui_body_parents[j])
        height -= (double)momui_body_offsets[j][1];
    for (int64_t t = 0; t < m->frames; t++) {
        double time = (double)t / MOMUI_MOTION_RATE;
        double angle = tempo > 0 ? UP + (DOWN - UP) * sweep(time, first, tempo) : DOWN;
        m->root[3 * t + 1] = (float)(height + 0.02);
        for (int s = 0; s < 2; s++) {
            float *q = m->rotations + (t * MOMUI_BODY_JOINTS + SHOULDERS[s]) * 4;
            q[0] = (float)cos(angle / 2);
            q[3] = (float)(s ? sin(angle / 2) : -sin(angle / 2));
        }
    }
    momu_status status = momui_motion_update(m, error);
    if (status == MOMU_OK)
        *dance = m;
    else
        momui_motion_free(m);
    return status;
}
