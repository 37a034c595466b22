/* Foot contacts and the foot lock. */
#ifndef MOMUI_MOTION_CONTACTS_H
#define MOMUI_MOTION_CONTACTS_H

#include "motion/motion.h"

enum { MOMUI_CONTACTS = 4 }; /* left ankle, left foot, right ankle, right foot */
extern const int momui_contact_joints[MOMUI_CONTACTS];

/* Metres above the ground under which an ankle and a ball may be in contact. */
#define MOMUI_ANKLE_HEIGHT 0.12
#define MOMUI_BALL_HEIGHT 0.05

/* (frames, 4) 0 or 1, by the rule of docs/features.md, "body3d". `body` is canonical; `ground` its
 * ground. */
momu_status momui_contacts_detect(momui_memory *memory, const momui_motion *body, double ground,
                                  uint8_t **contacts, momu_error *error);

/* Mean horizontal speed (cm/s) of the joints that `contacts` (frames, 4) marks; 0 when it marks
 * none. It says how well contacts are held; it is no foot skate, which needs no contacts. */
double momui_contact_slip(const momui_motion *body, const uint8_t *contacts);

/* Holds feet in contact where they are, by two-bone IK of the legs, blended in and out; bones keep
 * their length and feet their orientation. Positions are brought up to date. */
momu_status momui_foot_lock(momui_memory *memory, momui_motion *body, const uint8_t *contacts,
                            momu_error *error);

#endif
