/* The genre's logits from a tempo alone (docs/networks.md, "Genre classifier"). */
#ifndef MOMUI_MODELS_TEMPO_GENRE_H
#define MOMUI_MODELS_TEMPO_GENRE_H

#include "nn/nn.h"

enum { MOMUI_TEMPO_RBF_FEATURES = 40 };
typedef struct momui_tempo_genre momui_tempo_genre;
/* "PREFIX.weight" (16, 40) and "PREFIX.bias". Freed with momui_tempo_genre_free (its weights belong
 * to the set). */
momui_tempo_genre *momui_tempo_genre_declare(momui_parameters *set, const char *prefix);
void momui_tempo_genre_free(momui_tempo_genre *network);
/* Whether its logits apply: it was trained, and the tempo is 60 to 200. network NULL: no. */
bool momui_tempo_genre_covers(const momui_tempo_genre *network, double tempo);
/* tempos (items) beats a minute, 0: unknown -> logits (items, 16) */
momui_tensor *momui_tempo_genre_forward(momui_graph *g, const momui_tempo_genre *network,
                                        const double *tempos, int64_t items);

#endif
