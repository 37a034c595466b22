#include "motion/foot_skate.h"

#include "motion/contacts.h"
#include "motion/kinematics.h"

#include <math.h>

/* Flat on the ground, by height alone: a speed in the rule would leave out the feet that slide. */
static bool on_ground(const momui_motion *body, int64_t frame, int leg, double ground) {
    return momui_body_joint(body, frame, momui_contact_joints[2 * leg]).y - ground <
               MOMUI_ANKLE_HEIGHT &&
           momui_body_joint(body, frame, momui_contact_joints[2 * leg + 1]).y - ground <
               MOMUI_BALL_HEIGHT;
}

double momui_foot_skate(const momui_motion *body, double ground, double *seconds) {
    double sum = 0.0;
    int64_t count = 0;
    for (int64_t t = 1; t < body->frames; ++t)
        for (int leg = 0; leg < 2; ++leg) {
            if (!on_ground(body, t - 1, leg, ground) || !on_ground(body, t, leg, ground))
                continue;
            double way[2]; /* of the ankle, of the ball: a foot may turn about either */
            for (int k = 0; k < 2; ++k) {
                int joint = momui_contact_joints[2 * leg + k];
                momui_vec3 step = momui_vec3_subtract(momui_body_joint(body, t, joint),
                                                      momui_body_joint(body, t - 1, joint));
                way[k] = hypot(step.x, step.z);
            }
            sum += fmin(way[0], way[1]);
            ++count;
        }
    *seconds = (double)count / body->fps;
    return count ? sum / (double)count * body->fps * 100.0 : 0.0;
}
