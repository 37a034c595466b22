/* What a call works with: a context's memory, threads and scratch, whether it shall stop, and its
 * last error; and the account that outlives it. */
#ifndef MOMUI_BASE_CALL_H
#define MOMUI_BASE_CALL_H

#include "base/memory.h"
#include "base/pool.h"

#include <stdatomic.h>

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

/* Opens a public call: forgets the last error. Fails with ARGUMENT when there is no context, and
 * with CANCELLED when a request to stop was made before; the request is then used up. */
momu_status momui_call_open(momu_context *context);

/* Closes the call that begin opened, with the status that it returns: a request to stop that was
 * made meanwhile is used up, whatever came of the call. */
momu_status momui_call_close(momu_context *context, momu_status status);

/* CANCELLED when somebody asked the running call to stop. */
momu_status momui_call_check(momu_context *context);

#endif
