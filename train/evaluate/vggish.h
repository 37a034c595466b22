/* VGGish (Hershey et al. 2017), the extractor of the Frechet audio distance. Its public
 * weights are not ours to ship: `python -m momu.convert vggish` makes the file. */
#ifndef MOMUI_TRAIN_EVALUATE_VGGISH_H
#define MOMUI_TRAIN_EVALUATE_VGGISH_H

#include "models/models.h"

enum { MOMUI_VGGISH_EMBEDDING = 128, MOMUI_VGGISH_PATCH = 96 /* frames: 0.96 s */ };

typedef struct momui_vggish momui_vggish;

momu_status momui_vggish_load(momui_memory *memory, const momui_bytes *bytes, momui_vggish **vggish,
                              momu_error *error);
void momui_vggish_free(momui_vggish *vggish); /* NULL is allowed */

/* mono at 16 kHz -> (patches, 128), one every 0.96 s, without the last layer's ReLU and without the
 * PCA of AudioSet's embeddings, as the distance is usually taken. */
momu_status momui_vggish_embed(momui_memory *memory, const momui_vggish *vggish, const float *mono,
                               int64_t samples, float **embeddings, int32_t *patches,
                               momu_error *error);

#endif
