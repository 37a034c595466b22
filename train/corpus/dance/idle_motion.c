/* Idle motion: a slow sway of the weight and small muscular irregularity, both far below what makes
 * a kinematic beat. Recorded dancers show accelerations of 1.5 m/s2 in their stillest tenth;
 * procedural moves have none without this. */
#include "train/corpus/dance/phrase.h"

#include <math.h>

enum { STREAMS = 6 + 3 * MOMUI_BODY_JOINTS };

/* A resonance at `hertz`, driven by normal numbers, of standard deviation 1. */
typedef struct resonance {
    double a, b, gain, last, before;
} resonance;

static resonance resonance_at(double hertz, double sharp) {
    double angle = 2.0 * MOMUI_PI * hertz / MOMUI_SEGMENT_RATE;
    resonance r = {.a = 2.0 * sharp * cos(angle), .b = -sharp * sharp};
    double c = r.a / (1.0 - r.b); /* the variance of an AR(2) process */
    double variance = 1.0 / ((1.0 - c * r.a - r.b * (c * r.a + r.b)));
    r.gain = variance > 0 ? 1.0 / sqrt(variance) : 0.0;
    return r;
}

static double advance(resonance *r, double noise) {
    double now = r->a * r->last + r->b * r->before + r->gain * noise;
    r->before = r->last;
    r->last = now;
    return now;
}

static momui_quat small_turn(const double *angles) {
    momui_vec3 v = momui_vec3_of(angles[0], angles[1], angles[2]);
    double angle = momui_vec3_length(v);
    return momui_quat_about(momui_vec3_unit(v, momui_vec3_of(0, 1, 0)), angle);
}

/* Standard deviations: of the pelvis in metres, of joints in radians. */
static const double TREMOR_PELVIS = 0.0006, TREMOR_JOINT = 0.0022, SWAY_PELVIS = 0.0035,
                    SWAY_JOINT = 0.009;

void momui_add_idle_motion(momui_segment *segment, const momui_dancer_style *style,
                           momui_random *random) {
    resonance tremor[STREAMS], sway[STREAMS];
    for (int i = 0; i < STREAMS; i++) {
        tremor[i] = resonance_at(momui_style_uniform(random, 3.5, 7.0), 0.82);
        sway[i] = resonance_at(momui_style_uniform(random, 0.2, 0.6), 0.985);
    }
    double lively = 0.6 + 0.6 * style->noise;
    for (int64_t t = 0; t < segment->frames; t++) {
        double out[STREAMS];
        for (int i = 0; i < STREAMS; i++) {
            bool place = i < 3;
            out[i] = lively * (advance(&tremor[i], (double)momui_random_normal(random)) *
                                   (place ? TREMOR_PELVIS : TREMOR_JOINT) +
                               advance(&sway[i], (double)momui_random_normal(random)) *
                                   (place ? SWAY_PELVIS : SWAY_JOINT));
        }
        momui_lower *l = &segment->lower[t];
        l->pelvis = momui_vec3_add(l->pelvis, momui_vec3_of(out[0], 0.4 * out[1], out[2]));
        double hips[3] = {0.4 * out[3], 0.4 * out[4], 0.4 * out[5]};
        l->turn = momui_quat_multiply(small_turn(hips), l->turn);
        for (int j = MOMUI_SPINE1; j < MOMUI_BODY_JOINTS; j++)
            segment->upper[t].joint[j] =
                momui_quat_multiply(segment->upper[t].joint[j], small_turn(out + 6 + 3 * j));
    }
}
