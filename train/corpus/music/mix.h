/* From the parts of a song to its sound: balance, room, tone, drive and level. */
#ifndef MOMUI_TRAIN_CORPUS_MUSIC_MIX_H
#define MOMUI_TRAIN_CORPUS_MUSIC_MIX_H

#include "train/corpus/music/song.h"

enum { MOMUI_MIX_PARTS = 16, MOMUI_MIX_BLOCK = 64 };

typedef struct momui_mix momui_mix;

/* How this song is mixed is drawn from its seed, within what its genre is mixed like. */
momu_status momui_mix_open(momui_memory *memory, const momui_song *song, double rate,
                           momui_mix **mix, momu_error *error);
void momui_mix_close(momui_mix *mix);
/* The next block: parts[2 p], parts[2 p + 1] are left and right of part p, MOMUI_MIX_BLOCK frames;
 * out (MOMUI_MIX_BLOCK, 2). `time` is that of its first frame. */
void momui_mix_block(momui_mix *mix, float *const *parts, double time, float *out);
/* Level, drive and limiter over the whole. */
momu_status momui_mix_finish(momui_mix *mix, momui_audio *audio, momu_error *error);

#endif
