#include "motion/contacts.h"
#include "motion/kinematics.h"

#define STANDING_SPEED 0.15 /* m/s */

const int momui_contact_joints[MOMUI_CONTACTS] = {MOMUI_LEFT_ANKLE, MOMUI_LEFT_FOOT,
                                                  MOMUI_RIGHT_ANKLE, MOMUI_RIGHT_FOOT};

static bool touches(const momui_motion *body, int64_t t, int contact, double ground) {
    int joint = momui_contact_joints[contact];
    int64_t before = t > 0 ? t - 1 : t, after = t + 1 < body->frames ? t + 1 : t;
    momui_vec3 way = momui_vec3_subtract(momui_body_joint(body, after, joint),
                                         momui_body_joint(body, before, joint));
    double seconds = (double)(after > before ? after - before : 1) / body->fps;
    double limit = contact % 2 == 0 ? MOMUI_ANKLE_HEIGHT : MOMUI_BALL_HEIGHT;
    return momui_body_joint(body, t, joint).y - ground < limit &&
           momui_vec3_length(way) / seconds < STANDING_SPEED;
}

momu_status momui_contacts_detect(momui_memory *memory, const momui_motion *body, double ground,
                                  uint8_t **contacts, momu_error *error) {
    int64_t frames = body->frames;
    uint8_t *raw = momui_alloc(memory, (size_t)frames, MOMUI_CONTACTS);
    uint8_t *made = momui_alloc(memory, (size_t)frames, MOMUI_CONTACTS);
    *contacts = made;
    if (!raw || !made) {
        momui_free(raw);
        momui_free(made);
        *contacts = NULL;
        return momui_fail_memory(error, "the foot contacts");
    }
    for (int64_t t = 0; t < frames; ++t)
        for (int c = 0; c < MOMUI_CONTACTS; ++c)
            raw[t * MOMUI_CONTACTS + c] = touches(body, t, c, ground);
    for (int64_t i = 0; i < frames * MOMUI_CONTACTS; ++i) { /* the median of 5: three of them */
        int sum = 0;
        for (int64_t k = -2; k <= 2; ++k) {
            int64_t t = i / MOMUI_CONTACTS + k;
            t = t < 0 ? 0 : t >= frames ? frames - 1 : t;
            sum += raw[t * MOMUI_CONTACTS + i % MOMUI_CONTACTS];
        }
        made[i] = sum >= 3;
    }
    momui_free(raw);
    return MOMU_OK;
}

double momui_contact_slip(const momui_motion *body, const uint8_t *contacts) {
    double sum = 0.0;
    int64_t count = 0;
    for (int64_t t = 1; t < body->frames; ++t)
        for (int leg = 0; leg < 2; ++leg) {
            const uint8_t *now = contacts + t * MOMUI_CONTACTS + 2 * leg;
            const uint8_t *then = now - MOMUI_CONTACTS;
            /* the ball of the foot where it stands, else the ankle: a foot may roll about either */
            int which = now[1] && then[1] ? 1 : 0;
            if (!now[which] || !then[which])
                continue;
            int joint = momui_contact_joints[2 * leg + which];
            momui_vec3 way = momui_vec3_subtract(momui_body_joint(body, t, joint),
                                                 momui_body_joint(body, t - 1, joint));
            sum += hypot(way.x, way.z);
            ++count;
        }
    return count ? sum / (double)count * body->fps * 100.0 : 0.0;
}
