/* Recorded music: segments of tracks whose tempo is steady and whose pulse is clear, with tracked
 * beats, drawn at another tempo and another pitch. */
#ifndef MOMUI_TRAIN_CORPUS_MUSIC_RECORDED_H
#define MOMUI_TRAIN_CORPUS_MUSIC_RECORDED_H

#include "base/audio_buffer.h"
#include "train/corpus/moves/units.h"
#include "train/corpus/time_grid.h"

typedef struct momui_recorded_track {
    char name[192]; /* folder/file, the key of its split */
    char *path;
    const char *package, *licence; /* of the listed packages; "" for others */
    momui_split split;             /* by name alone: momui_recorded_split */
    double from;                   /* where the steady segment begins in the file, seconds */
    double confidence;
    momui_grid grid; /* of the segment, time 0 at `from` */
} momui_recorded_track;

/* What was found; not changed by drawing from it, so that threads may share it. */
typedef struct momui_recorded_library {
    momui_recorded_track *tracks; /* sorted by name */
    size_t count;
    size_t skipped; /* held out, parts of other tracks, without a steady pulse, not readable */
} momui_recorded_library;

/* Called for each file with how it is used, or why not. */
typedef void (*momui_recorded_report)(void *user, const char *name, const char *sentence);

/* All sound files under `folder`, analysed. NOT_FOUND with the packages to fetch when there is no
 * folder or nothing in it can be used. */
momu_status momui_recorded_find(momui_memory *memory, const char *folder,
                                momui_recorded_report report, void *user,
                                momui_recorded_library *library, momu_error *error);
void momui_recorded_release(momui_recorded_library *library);

/* The split of a track: a function of its name (folder/file) alone, about 80/10/10. */
momui_split momui_recorded_split(const char *name);
/* Tracks that are held out for evaluation are in no corpus. */
bool momui_recorded_held_out(const char *path);
/* How many tracks a split has. */
size_t momui_recorded_count(const momui_recorded_library *library, momui_split split);

typedef struct momui_recorded_segment {
    momui_audio *sound; /* (frames, 2) */
    momui_grid grid;    /* exactly the sound's length */
    char title[96], source[192], licence[64];
    double from;         /* where it begins in its file, seconds */
    double speed, pitch; /* 0.85..1.18, and semitones -3..3 */
} momui_recorded_segment;

/* A segment of at most about `seconds` (12 at least) of a track of `split`, at `rate`. NOT_FOUND
 * when the split has no track. The same seed gives the same bytes. */
momu_status momui_recorded_draw(momui_memory *memory, const momui_recorded_library *library,
                                momui_split split, uint64_t seed, double seconds, double rate,
                                momui_recorded_segment *segment, momu_error *error);
void momui_recorded_segment_release(momui_recorded_segment *segment);

/* ---- its parts, for tests ---- */

/* Beats, energy, accents, downbeats where they are clear, and sections, of the longest steady run
 * of beats. A sequenced track begins with a bar and keeps one tempo, a whole number: its beats are
 * fitted from its beginning once they agree. LIMIT with a sentence when there is nothing
 * steady. */
momu_status momui_recorded_analyse(momui_memory *memory, const float *mono, int64_t frames,
                                   double rate, bool sequenced, double *from, double *confidence,
                                   momui_grid *grid, momu_error *error);

#endif
