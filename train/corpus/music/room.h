/* A room: a few early reflections and a feedback delay network for the tail. */
#ifndef MOMUI_TRAIN_CORPUS_MUSIC_ROOM_H
#define MOMUI_TRAIN_CORPUS_MUSIC_ROOM_H

#include "base/memory.h"
#include "base/random.h"

typedef struct momui_room momui_room;

/* `size` 0 (a booth) .. 1 (a hall), `bright` 0..1; where its walls are is drawn. */
momu_status momui_room_open(momui_memory *memory, double rate, double size, double bright,
                            momui_random *random, momui_room **room, momu_error *error);
void momui_room_close(momui_room *room);
/* Adds the room's answer to the interleaved (count, 2) `send` to `out` (count, 2). */
void momui_room_process(momui_room *room, const float *send, float *out, int count);

#endif
