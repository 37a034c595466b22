/* What the public handles are, and the way every public call begins and ends. */
#ifndef MOMUI_API_API_H
#define MOMUI_API_API_H

#include "base/audio.h"
#include "base/pool.h"
#include "models/models.h"
#include "motion/motion.h"

#include <momu/momu.h>

/* An account with owners: the context, and every sound and motion made with it, so that those may
 * outlive it. */
typedef struct momui_account {
    momui_memory memory; /* first: an object's `memory` is its account */
    atomic_uint owners;
} momui_account;

momui_account *momui_account_create(const momu_allocator *hooks, uint64_t limit);
momui_account *momui_account_retain(momui_account *account);
void momui_account_release(momui_account *account);

struct momu_context {
    momui_account *account;
    momui_memory *memory; /* the account's */
    momui_pool *pool;     /* NULL: the calling thread alone */
    momui_arena *arena;
    atomic_int cancel;
    momu_error error;
};

/* Opens a public call: forgets the last error. False when there is no context. */
bool momui_call_begin(momu_context *context);

/* MOMU_ERROR_CANCELLED when somebody asked for it. */
momu_status momui_call_check(momu_context *context);

struct momu_model {
    momui_memory memory;
    atomic_uint owners;
    momui_bundle *bundle;
    uint64_t parameters;
};

/* The caller's options as this library knows them: a copy of min(its size, ours), the rest zero.
 * False when struct_size is no size of such a struct. */
bool momui_copy_struct(void *ours, size_t our_size, const void *theirs, size_t their_size);

/* Fails unless `value` is a finite number within low..high. `name` is the field. */
momu_status momui_check_range(const char *name, double value, double low, double high,
                              momu_error *error);

/* Fails unless all floats are finite; `row` numbers per `unit` ("frame"). */
momu_status momui_check_finite(const char *name, const float *values, size_t count, size_t row,
                               const char *unit, momu_error *error);

/* Hands an object made in the context's memory to the caller: it owns a share of the account from
 * now on. */
void momui_audio_publish(momu_context *context, momui_audio *made, momu_audio **audio);
void momui_motion_publish(momu_context *context, momui_motion *made, momu_motion **motion);

#endif
