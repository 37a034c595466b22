/* A pool of threads that a context owns. Tasks are handed out one by one; what a task computes
 * never depends on which thread runs it, so results do not depend on the number of threads. */
#ifndef MOMUI_BASE_POOL_H
#define MOMUI_BASE_POOL_H

#include "base/memory.h"

typedef struct momui_pool momui_pool;

/* `worker` is 0..threads-1: for scratch memory of its own. */
typedef void (*momui_task)(void *user, size_t task, int worker);

/* threads includes the caller's. threads 1 starts none. */
momu_status momui_pool_create(momui_memory *memory, int threads, momui_pool **pool,
                              momu_error *error);
void momui_pool_destroy(momui_pool *pool);
int momui_pool_threads(const momui_pool *pool); /* NULL: 1 */

/* Runs tasks 0..count-1 and returns when all are done. pool NULL runs them here. Not to be nested.
 */
void momui_pool_run(momui_pool *pool, size_t count, momui_task task, void *user);

#endif
