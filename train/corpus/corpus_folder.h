/* The folder of a corpus: the options that made it, and clearing what a killed run left. */
#ifndef MOMUI_TRAIN_CORPUS_CORPUS_FOLDER_H
#define MOMUI_TRAIN_CORPUS_CORPUS_FOLDER_H

#include "base/stream.h"
#include "train/corpus/sample_writer.h"

/* What the pairs' bytes depend on, as name and text: kept in the folder's manifest. */
enum { MOMUI_CORPUS_MARKS = 9 };
typedef struct momui_corpus_mark {
    const char *name;
    char text[192];
} momui_corpus_mark;

void momui_corpus_marks(const momui_synthesis_context *synthesis, const char *soundfont,
                        momui_corpus_mark marks[MOMUI_CORPUS_MARKS]);
/* {"name":"text",...} */
void momui_corpus_marks_write(const momui_corpus_mark marks[MOMUI_CORPUS_MARKS], momui_writer *out);

typedef struct momui_corpus_folder {
    const char *path;
    int lock; /* an open folder, locked; -1: none */
} momui_corpus_folder;

/* Makes the folder, or checks that the corpus in it is this one; keeps other runs out; clears away
 * files that a killed run was still writing. */
momu_status momui_corpus_folder_open(const char *path,
                                     const momui_corpus_mark marks[MOMUI_CORPUS_MARKS],
                                     momui_corpus_folder *folder, momu_error *error);
/* The manifest is there: the folder is no longer unfinished. */
momu_status momui_corpus_folder_finish(const momui_corpus_folder *folder, momu_error *error);
void momui_corpus_folder_close(momui_corpus_folder *folder);

#endif
