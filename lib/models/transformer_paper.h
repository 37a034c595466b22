/* Architecture paper of the transformer. */
#ifndef MOMUI_MODELS_TRANSFORMER_PAPER_H
#define MOMUI_MODELS_TRANSFORMER_PAPER_H

#include "models/transformer_parts.h"

bool momui_paper_declare(momui_parameters *set, const char *prefix, momui_transformer *t);
void momui_paper_condition(momui_graph *g, const momui_transformer *t, momui_tensor *condition,
                           const uint8_t *keep, momui_condition *out);
momui_tensor *momui_paper_forward(momui_graph *g, const momui_transformer *t, momui_tensor *x,
                                  const int32_t *timestep, const momui_condition *condition,
                                  const uint8_t *mask);

#endif
