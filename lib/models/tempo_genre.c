/* What a tempo says of the genre, by itself:
 *
 *   tempo -> 40 bumps over the octaves from 60 to 200 beats a minute (B, 40) -> linear (B, 16)
 *
 * A classifier that looks at dances knows those it was taught by heart, and is as sure of others; a
 * tempo is the same in all of them (docs/networks.md, "Genre classifier").
 */
#include "models/tempo_genre.h"

#include "models/genres.h"
#include "models/layers.h"

#include <math.h>

static const double SLOWEST = 60, FASTEST = 200; /* where the first and the last bump are */
static const double WIDTH = 0.05;                /* octaves, deviation of a bump */

struct momui_tempo_genre {
    momui_affine linear;
};

momui_tempo_genre *momui_tempo_genre_declare(momui_parameters *set, const char *prefix) {
    momui_tempo_genre *n = momui_calloc(set->memory, 1, sizeof *n);
    if (!n) {
        set->status = momui_fail_memory(set->error, "a tempo's genres");
        return NULL;
    }
    n->linear = momui_declare_normal_linear(set, prefix, MOMUI_TEMPO_RBF_FEATURES, MOMUI_GENRES, 0);
    return n;
}

void momui_tempo_genre_free(momui_tempo_genre *network) {
    momui_free(network);
}

bool momui_tempo_genre_covers(const momui_tempo_genre *network, double tempo) {
    bool taught = false;
    for (int64_t i = 0; network && i < momui_tensor_count(network->linear.weight); i++)
        taught |= network->linear.weight->data[i] != 0;
    return taught && tempo >= SLOWEST && tempo <= FASTEST;
}

momui_tensor *momui_tempo_genre_forward(momui_graph *g, const momui_tempo_genre *network,
                                        const double *tempos, int64_t items) {
    momui_tensor *rbf = momui_tensor_from(g, 2, (int64_t[]){items, MOMUI_TEMPO_RBF_FEATURES}, NULL);
    double step = log2(FASTEST / SLOWEST) / (MOMUI_TEMPO_RBF_FEATURES - 1);
    for (int64_t i = 0; rbf && i < items; i++)
        for (int k = 0; k < MOMUI_TEMPO_RBF_FEATURES && tempos[i] > 0; k++) {
            double away = (log2(tempos[i] / SLOWEST) - step * k) / WIDTH;
            rbf->data[i * MOMUI_TEMPO_RBF_FEATURES + k] = (float)exp(-0.5 * away * away);
        }
    return rbf ? momui_apply_linear(g, &network->linear, rbf) : NULL;
}
