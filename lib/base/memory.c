#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* What stands before each block: the alignment's worth of bytes, so that the block stays aligned.
 */
typedef struct block_header {
    momui_memory *memory;
    void *raw;
    size_t size;     /* as asked for */
    size_t raw_size; /* as taken from the hooks */
} block_header;

_Static_assert(sizeof(block_header) <= MOMUI_ALIGNMENT, "the header must fit before the block");

void *momui_hooks_alloc(const momu_allocator *hooks, size_t size) {
    return hooks && hooks->resize ? hooks->resize(hooks->user, NULL, 0, size) : malloc(size);
}

void momui_hooks_free(const momu_allocator *hooks, void *block, size_t size) {
    if (hooks && hooks->resize)
        hooks->resize(hooks->user, block, size, 0);
    else
        free(block);
}

void momui_memory_init(momui_memory *memory, const momu_allocator *hooks, uint64_t limit) {
    memory->hooks.resize = hooks ? hooks->resize : NULL;
    memory->hooks.user = hooks ? hooks->user : NULL;
    memory->limit = limit;
    atomic_init(&memory->used, 0);
    memory->cancel = NULL;
}

momu_status momui_check_cancelled(const momui_memory *memory, momu_error *error) {
    if (memory && memory->cancel && atomic_load_explicit(memory->cancel, memory_order_relaxed) != 0)
        return momui_fail(error, MOMU_ERROR_CANCELLED, "cancelled");
    return MOMU_OK;
}

bool momui_multiply(size_t a, size_t b, size_t *result) {
    if (b != 0 && a > SIZE_MAX / b)
        return false;
    *result = a * b;
    return true;
}

bool momui_add(size_t a, size_t b, size_t *result) {
    if (a > SIZE_MAX - b)
        return false;
    *result = a + b;
    return true;
}

static block_header *header_of(void *block) {
    return (block_header *)(void *)((char *)block - MOMUI_ALIGNMENT);
}

static bool account(momui_memory *memory, size_t bytes) {
    if (!memory)
        return true;
    uint64_t used = atomic_fetch_add(&memory->used, bytes) + bytes;
    if (memory->limit == 0 || used <= memory->limit)
        return true;
    atomic_fetch_sub(&memory->used, bytes);
    return false;
}

void *momui_alloc(momui_memory *memory, size_t count, size_t size) {
    size_t bytes = 0, raw_size = 0;
    if (!momui_multiply(count, size, &bytes) || !momui_add(bytes, 2 * MOMUI_ALIGNMENT, &raw_size))
        return NULL;
    if (!account(memory, raw_size))
        return NULL;
    void *raw = momui_hooks_alloc(memory ? &memory->hooks : NULL, raw_size);
    if (!raw) {
        if (memory)
            atomic_fetch_sub(&memory->used, raw_size);
        return NULL;
    }
    uintptr_t start =
        ((uintptr_t)raw + 2 * MOMUI_ALIGNMENT - 1) & ~(uintptr_t)(MOMUI_ALIGNMENT - 1);
    void *block = (char *)raw + (start - (uintptr_t)raw);
    *header_of(block) = (block_header){memory, raw, bytes, raw_size};
    return block;
}

void *momui_calloc(momui_memory *memory, size_t count, size_t size) {
    void *block = momui_alloc(memory, count, size);
    if (block)
        memset(block, 0, count * size);
    return block;
}

void *momui_realloc(momui_memory *memory, void *block, size_t count, size_t size) {
    void *fresh = momui_alloc(memory, count, size);
    if (fresh && block) {
        size_t old = header_of(block)->size, now = count * size;
        memcpy(fresh, block, old < now ? old : now);
        momui_free(block);
    }
    return fresh;
}

void momui_free(void *block) {
    if (!block)
        return;
    block_header header = *header_of(block);
    momui_hooks_free(header.memory ? &header.memory->hooks : NULL, header.raw, header.raw_size);
    if (header.memory)
        atomic_fetch_sub(&header.memory->used, header.raw_size);
}

char *momui_strdup(momui_memory *memory, const char *text) {
    size_t length = strlen(text) + 1;
    char *copy = momui_alloc(memory, length, 1);
    if (copy)
        memcpy(copy, text, length);
    return copy;
}

/* ---- arena ---- */

enum { ARENA_CHUNKS = 48 };
static const size_t ARENA_FIRST_CHUNK = (size_t)1 << 20;

struct momui_arena {
    momui_memory *memory;
    char *chunks[ARENA_CHUNKS];
    size_t sizes[ARENA_CHUNKS];
    size_t count;   /* chunks that exist */
    size_t current; /* the chunk that blocks come from */
    size_t offset;  /* bytes used of it */
    size_t before;  /* bytes handed out of the chunks before it */
    size_t peak;
};

momui_arena *momui_arena_create(momui_memory *memory) {
    momui_arena *arena = momui_calloc(memory, 1, sizeof *arena);
    if (arena)
        arena->memory = memory;
    return arena;
}

void momui_arena_destroy(momui_arena *arena) {
    if (!arena)
        return;
    for (size_t i = 0; i < arena->count; i++)
        momui_free(arena->chunks[i]);
    momui_free(arena);
}

/* Moves on to a chunk with room for `bytes`: one that is kept from before, or a new one twice as
 * large. */
static bool arena_next(momui_arena *arena, size_t bytes) {
    size_t next = arena->count == 0 ? 0 : arena->current + 1;
    while (next < arena->count && arena->sizes[next] < bytes)
        next++;
    if (next == arena->count) {
        if (arena->count == ARENA_CHUNKS)
            return false;
        size_t size = arena->count == 0 ? ARENA_FIRST_CHUNK : arena->sizes[arena->count - 1];
        if (size < (size_t)1 << 28)
            size *= 2;
        if (size < bytes)
            size = bytes;
        char *chunk = momui_alloc(arena->memory, size, 1);
        if (!chunk)
            return false;
        arena->chunks[arena->count] = chunk;
        arena->sizes[arena->count++] = size;
    }
    arena->before += arena->offset;
    arena->current = next;
    arena->offset = 0;
    return true;
}

void *momui_arena_alloc(momui_arena *arena, size_t count, size_t size) {
    size_t bytes = 0;
    if (!momui_multiply(count, size, &bytes) || !momui_add(bytes, MOMUI_ALIGNMENT, &bytes))
        return NULL;
    bytes &= ~(size_t)(MOMUI_ALIGNMENT - 1);
    if (bytes == 0)
        bytes = MOMUI_ALIGNMENT;
    if ((arena->count == 0 || arena->sizes[arena->current] - arena->offset < bytes) &&
        !arena_next(arena, bytes))
        return NULL;
    void *block = arena->chunks[arena->current] + arena->offset;
    arena->offset += bytes;
    if (arena->before + arena->offset > arena->peak)
        arena->peak = arena->before + arena->offset;
    return block;
}

momui_arena_mark momui_arena_position(const momui_arena *arena) {
    return (momui_arena_mark){arena->current, arena->offset};
}

void momui_arena_reset(momui_arena *arena, momui_arena_mark mark) {
    arena->current = mark.chunk;
    arena->offset = mark.offset;
    arena->before = 0;
    for (size_t i = 0; i < mark.chunk; i++)
        arena->before += arena->sizes[i];
}

size_t momui_arena_peak(const momui_arena *arena) {
    return arena->peak;
}

unsigned momui_arena_chunk_count(const momui_arena *arena) {
    return (unsigned)arena->count;
}
