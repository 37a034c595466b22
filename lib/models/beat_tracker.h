/* The beat tracker (docs/networks.md, "Beat tracker"). */
#ifndef MOMUI_MODELS_BEAT_TRACKER_H
#define MOMUI_MODELS_BEAT_TRACKER_H

#include "models/config.h"
#include "nn/nn.h"

enum { MOMUI_BEAT_TRACKER_HEADS = 4 };
typedef struct momui_beat_tracker momui_beat_tracker;
/* channels: a multiple of 8. Freed with momui_beat_tracker_free (its weights belong to the set). */
momui_beat_tracker *momui_beat_tracker_declare(momui_parameters *set, const char *prefix,
                                               const momui_beat_tracker_config *config,
                                               int32_t in_channels, int32_t down);
void momui_beat_tracker_free(momui_beat_tracker *network);
/* x (B, L, in) -> (B, L*down): the logit of a beat in each frame */
momui_tensor *momui_beat_tracker_forward(momui_graph *g, const momui_beat_tracker *network,
                                         momui_tensor *x);

#endif
