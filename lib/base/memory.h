/* Memory: blocks from the caller's hooks under an account with a limit, and an arena for the
 * tensors of a step. */
#ifndef MOMUI_BASE_MEMORY_H
#define MOMUI_BASE_MEMORY_H

#include "base/error.h"
#include <stdatomic.h>
#include <stdbool.h>

/* Every block is aligned for vector loads. */
#define MOMUI_ALIGNMENT 64

/* An account: where blocks come from and how much they may be in all. Must outlive its blocks. */
typedef struct momui_memory {
    momu_allocator hooks; /* resize NULL means malloc */
    uint64_t limit;       /* bytes; 0 means none */
    atomic_uint_least64_t used;
    const atomic_int *cancel; /* not 0: the call that works with it shall stop. NULL: never */
} momui_memory;

/* Blocks straight from the hooks, outside of any account: what accounts and handles live in. `hooks`
 * NULL, or without a function: malloc. The size is the one that was asked for. */
void *momui_hooks_alloc(const momu_allocator *hooks, size_t size);
void momui_hooks_free(const momu_allocator *hooks, void *block, size_t size);

/* An account over `hooks` (NULL means malloc). */
void momui_memory_init(momui_memory *memory, const momu_allocator *hooks, uint64_t limit);

/* CANCELLED when the call that works with this memory shall stop; loops over frames ask. `memory`
 * NULL: never. */
momu_status momui_check_cancelled(const momui_memory *memory, momu_error *error);

/* Checked products and sums of sizes: false (and *result untouched) on overflow. */
bool momui_multiply(size_t a, size_t b, size_t *result);
bool momui_add(size_t a, size_t b, size_t *result);

/* `memory` NULL means malloc without an account. NULL on failure or overflow. A count of 0 gives a
 * valid block. */
void *momui_alloc(momui_memory *memory, size_t count, size_t size);
void *momui_calloc(momui_memory *memory, size_t count, size_t size);

/* Grows or shrinks; `block` NULL allocates. On failure the old block stays valid. */
void *momui_realloc(momui_memory *memory, void *block, size_t count, size_t size);

/* NULL is allowed. The block knows its account. */
void momui_free(void *block);

/* A copy of `text`, or NULL. */
char *momui_strdup(momui_memory *memory, const char *text);

/* An arena hands out aligned blocks that are given back together. It grows by whole chunks and
 * keeps them, so that a loop which resets to a mark allocates in its first round only. Not
 * thread-safe. */
typedef struct momui_arena momui_arena;
typedef struct momui_arena_mark {
    size_t chunk, offset;
} momui_arena_mark;

momui_arena *momui_arena_create(momui_memory *memory);
void momui_arena_destroy(momui_arena *arena);
void *momui_arena_alloc(momui_arena *arena, size_t count, size_t size); /* NULL on failure */
momui_arena_mark momui_arena_position(const momui_arena *arena);
void momui_arena_reset(momui_arena *arena, momui_arena_mark mark);
size_t momui_arena_peak(const momui_arena *arena); /* most bytes ever handed out at once */
unsigned
momui_arena_chunk_count(const momui_arena *arena); /* how often it has grown: tests look at this */

#endif
