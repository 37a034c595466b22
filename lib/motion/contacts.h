/* Foot contacts, foot skate and the foot lock. */
#ifndef MOMUI_MOTION_CONTACTS_H
#define MOMUI_MOTION_CONTACTS_H

#include "motion/motion.h"

enum { MOMUI_CONTACTS = 4 }; /* left ankle, left foot, right ankle, right foot */

/* (frames, 4) 0 or 1, by the rule of docs/features.md, "body3d". `body` is canonical; `ground` its
 * ground. */
momu_status momui_contacts_detect(momui_memory *memory, const momui_motion *body, double ground,
                                  uint8_t **contacts, momu_error *error);

/* Foot skate, the one definition of it (docs/features.md): the mean horizontal speed (cm/s) of the
 * feet flat on the ground (ball lower than 5 cm and ankle lower than 12 cm above `ground`, in both
 * frames of a step), each taken at the slower of ankle and ball; 0 when no foot is. `seconds`: for
 * how long feet were on the ground, both feet counted, as a weight for means. */
double momui_foot_skate(const momui_motion *body, double ground, double *seconds);

/* Mean horizontal speed (cm/s) of the joints that `contacts` (frames, 4) marks; 0 when it marks
 * none. It says how well contacts are held; it is no foot skate, which needs no contacts. */
double momui_contact_slip(const momui_motion *body, const uint8_t *contacts);

/* Holds feet in contact where they are, by two-bone IK of the legs, blended in and out; bones keep
 * their length and feet their orientation. Positions are brought up to date. */
momu_status momui_foot_lock(momui_memory *memory, momui_motion *body, const uint8_t *contacts,
                            momu_error *error);

#endif
