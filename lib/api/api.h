/* What the public handles are, and how results are handed to the caller. */
#ifndef MOMUI_API_API_H
#define MOMUI_API_API_H

#include "base/audio_buffer.h"
#include "base/call.h"
#include "base/check.h"
#include "base/stream.h"
#include "models/models.h"
#include "motion/motion.h"

#include <momu/momu.h>

struct momu_model {
    momui_memory memory;
    atomic_uint owners;
    momui_bundle *bundle;
    uint64_t parameters;
};

/* Hands the bytes of `written` to the caller, and takes them away from the writer. */
momu_status momui_buffer_publish(momu_context *context, momui_writer *written,
                                 momu_buffer **buffer);

/* Hands an object made in the context's memory to the caller: it owns a share of the account from
 * now on. */
void momui_audio_publish(momu_context *context, momui_audio *made, momu_audio **audio);
void momui_motion_publish(momu_context *context, momui_motion *made, momu_motion **motion);

#endif
