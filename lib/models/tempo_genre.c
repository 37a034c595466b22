/* The genre's logits from a tempo alone (docs/networks.md, "Genre classifier"):
 *
 *   tempo (B) -> 40 Gaussian RBF features of log2(tempo), 60 to 200 beats a minute (B, 40)
 *   -> linear (B, 16)
 *
 * The classifier of dances overfits its training dances and stays as confident on unseen ones; a
 * tempo means the same in both.
 */
#include "models/tempo_genre.h"

#include "models/genres.h"
#include "models/layers.h"

#include <math.h>

static const double SLOWEST = 60, FASTEST = 200; /* centres of the first and the last feature */
static const double WIDTH = 0.05;                /* octaves, standard deviation of a feature */

struct momui_tempo_genre {
    momui_affine linear;
};

momui_tempo_genre *momui_tempo_genre_declare(momui_parameters *set, const char *prefix) {
    momui_tempo_genre *n = momui_calloc(set->memory, 1, sizeof *n);
    if (!n) {
        set->status = momui_fail_memory(set->error, "the genre classifier of tempos");
        return NULL;
    }
    n->linear = momui_declare_normal_linear(set, prefix, MOMUI_TEMPO_RBF_FEATURES, MOMUI_GENRES, 0);
    return n;
}

void momui_tempo_genre_free(momui_tempo_genre *network) {
    momui_free(network);
}

bool momui_tempo_genre_covers(const momui_tempo_genre *network, double tempo) {
    bool trained = false;
    for (int64_t i = 0; network && i < momui_tensor_count(network->linear.weight); i++)
        trained |= network->linear.weight->data[i] != 0;
    return trained && tempo >= SLOWEST && tempo <= FASTEST;
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
