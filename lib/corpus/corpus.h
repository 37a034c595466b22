/* momu corpus: hours of pairs of dance and music whose beats are true. */
#ifndef MOMUI_CORPUS_CORPUS_H
#define MOMUI_CORPUS_CORPUS_H

#include "corpus/dance/choreographer.h"
#include "corpus/music/song.h"

typedef struct momui_corpus_options {
    const char *folder;    /* made when absent; an interrupted run goes on in it */
    const char *moves;     /* folder of captured takes; NULL: written moves only */
    const char *music;     /* folder of real tracks, or NULL: composed songs only */
    const char *soundfont; /* NULL: Debian's place */
    double hours;
    uint64_t seed;
    double real_share;    /* of hours with real music; 0.2 */
    double original_rate; /* of the second sound file; 0: 16 kHz only */
    momui_material material;
    int32_t threads; /* 1..; the bytes do not depend on it */
    momui_corpus_report report;
    void (*progress)(void *user, size_t done, size_t total);
    void *user;
} momui_corpus_options;

typedef struct momui_corpus_summary {
    size_t pairs, songs, stretches; /* stretches: of real tracks */
    double hours, f1, chance, captured_share, half_time_share, skate;
} momui_corpus_summary;

momu_status momui_corpus_make(momui_memory *memory, const momui_corpus_options *options,
                              momui_corpus_summary *summary, momu_error *error);

#endif
