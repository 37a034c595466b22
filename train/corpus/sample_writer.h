/* One pair of a corpus: its music, its dance, and the files that hold them. */
#ifndef MOMUI_TRAIN_CORPUS_SAMPLE_WRITER_H
#define MOMUI_TRAIN_CORPUS_SAMPLE_WRITER_H

#include "train/corpus/corpus_options.h"
#include "train/corpus/corpus_plan.h"
#include "train/corpus/dance/choreographer.h"
#include "train/corpus/music/recorded.h"
#include "train/corpus/music/song.h"

/* What all pairs are made from; nothing of it changes while they are made. */
typedef struct momui_synthesis_context {
    momui_memory *memory;
    const momui_corpus_options *options;
    const momui_units *units;              /* NULL: procedural moves alone */
    const momui_recorded_library *library; /* NULL: composed songs alone */
} momui_synthesis_context;

/* Pair `number` as it is planned; a split without recorded tracks has a song in place of one. */
void momui_corpus_plan_sample(const momui_synthesis_context *synthesis, size_t number,
                              momui_corpus_sample *sample);

/* Music with its true beats, and where it comes from. */
typedef struct momui_track {
    momui_grid grid;
    momui_audio *sound; /* (frames, 2) at MOMUI_CORPUS_RATE */
    char kind[16];      /* composed, recorded */
    char title[96], source[192], licence[64];
    double from;         /* recorded: where the segment begins in its track, seconds */
    double speed, pitch; /* recorded: how it was changed; 1 and 0 semitones: it was not */
} momui_track;

enum { MOMUI_CORPUS_VERSION = 1 };

#define MOMUI_CORPUS_RATE 44100.0 /* all sound is made at this rate */

momu_status momui_track_make(const momui_synthesis_context *synthesis, momui_band *band,
                             const momui_corpus_sample *sample, momui_track *track,
                             momu_error *error);
void momui_track_release(momui_track *track);

/* How well the dance keeps to the beats. */
typedef struct momui_agreement {
    size_t hits, kinematic; /* kinematic beats, and those within 70 ms of a true one */
    double f1, chance;
} momui_agreement;

/* Writes the pair's STEM.json, docs/formats.md. Its keys and values ("item00012", "item",
 * "captured_lower", a section's name "piece") stay when identifiers change: they are bytes of
 * existing corpora. */
momu_status momui_annotations_write(const momui_synthesis_context *synthesis,
                                    const momui_corpus_sample *sample, const momui_track *track,
                                    const momui_dance *dance, const momui_agreement *agreement,
                                    const char *path, momu_error *error);

/* FOLDER/SPLIT/STEM and `extension`; false: the name is too long. */
bool momui_sample_path(const momui_corpus_options *options, const momui_corpus_sample *sample,
                       const char *extension, char path[1024]);
/* Whether the pair is complete: its annotations are written last. */
bool momui_sample_exists(const momui_corpus_options *options, const momui_corpus_sample *sample);

/* Makes the pair and writes its files, the annotations last. On failure it removes them all. */
momu_status momui_sample_write(const momui_synthesis_context *synthesis, momui_band *band,
                               const momui_corpus_sample *sample, momu_error *error);

#endif
