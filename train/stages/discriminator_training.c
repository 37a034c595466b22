#include "train/stages/discriminator_training.h"
#include "nn/training_graph.h"

#include <stdio.h>
#include <string.h>

static momu_status open_replica(momui_discriminator_training *discriminator, momui_memory *memory,
                                int index, momui_discriminator_kind kind, int32_t channels,
                                uint64_t seed, momu_error *error) {
    momui_parameters *set = &discriminator->sets[index];
    momui_parameters_init(set, memory, NULL, seed, error);
    discriminator->networks[index] = momui_discriminator_declare(set, kind, channels);
    if (set->status != MOMU_OK)
        return set->status;
    return index < MOMUI_DISCRIMINATOR_REPLICAS ? momui_adamw_attach(set, false, error) : MOMU_OK;
}

momu_status momui_discriminator_training_open(momui_discriminator_training *discriminator,
                                              momui_memory *memory, momui_discriminator_kind kind,
                                              int32_t channels, uint64_t seed, momu_error *error) {
    *discriminator = (momui_discriminator_training){.open = true};
    for (int k = 0; k <= MOMUI_DISCRIMINATOR_REPLICAS; k++)
        MOMUI_TRY(open_replica(discriminator, memory, k, kind, channels, seed, error));
    for (int k = 1; k <= MOMUI_DISCRIMINATOR_REPLICAS; k++)
        for (int i = 0; i < discriminator->sets[0].count; i++) {
            momui_tensor *own = &discriminator->sets[k].items[i]->tensor;
            momui_free(own->data);
            own->data = discriminator->sets[0].items[i]->tensor.data;
        }
    discriminator->optimiser =
        (momui_adamw){.beta1 = 0.5, .beta2 = 0.9, .epsilon = 1e-8, .decay = 0.0, .clip = 1.0};
    return MOMU_OK;
}

void momui_discriminator_training_close(momui_discriminator_training *discriminator) {
    for (int k = MOMUI_DISCRIMINATOR_REPLICAS; k >= 0; k--) {
        for (int i = 0;
             k > 0 && i < discriminator->sets[k].count && i < discriminator->sets[0].count; i++) {
            momui_tensor *own = &discriminator->sets[k].items[i]->tensor;
            if (own->data == discriminator->sets[0].items[i]->tensor.data)
                own->data = NULL; /* the first's */
        }
        momui_discriminator_free(discriminator->networks[k]);
        momui_parameters_release(&discriminator->sets[k]);
    }
    *discriminator = (momui_discriminator_training){0};
}

bool momui_discriminator_training_forward(const momui_discriminator_training *discriminator,
                                          momui_graph *g, momui_tensor *x, momui_verdict *verdict) {
    return momui_discriminate(g, discriminator->networks[MOMUI_DISCRIMINATOR_REPLICAS], x, verdict);
}

static momui_tensor *constant(momui_graph *g, const momui_tensor *x) {
    return momui_tensor_from(g, x->rank, x->shape, x->data);
}

double momui_discriminator_training_learn(momui_discriminator_training *discriminator,
                                          int micro_batch, momui_graph *outer,
                                          const momui_tensor *real, const momui_tensor *made,
                                          double share) {
    momui_arena_mark mark = momui_arena_position(outer->arena);
    momui_graph g;
    double value = 0;
    if (outer->status != MOMU_OK)
        return 0;
    outer->status = momui_graph_begin_training(&g, outer->arena, outer->pool, outer->error);
    if (outer->status != MOMU_OK)
        return 0;
    momui_verdict on_real, on_made;
    if (momui_discriminate(&g, discriminator->networks[micro_batch], constant(&g, real),
                           &on_real) &&
        momui_discriminate(&g, discriminator->networks[micro_batch], constant(&g, made),
                           &on_made)) {
        momui_tensor *loss = momui_verdict_hinge(&g, &on_real, &on_made);
        if (loss)
            value = (double)loss->data[0];
        momui_tensor *scaled = loss ? momui_op_scale(&g, loss, (float)share) : NULL;
        if (scaled)
            momui_backward(&g, scaled);
    }
    outer->status = g.status;
    momui_arena_reset(outer->arena, mark);
    return value;
}

momu_status momui_discriminator_training_step(momui_discriminator_training *discriminator,
                                              double rate, momui_pool *pool, momu_error *error) {
    momui_parameters *set = &discriminator->sets[0];
    double norm;
    for (int i = 0; i < set->count; i++) {
        float *into = set->items[i]->tensor.grad,
              *from = discriminator->sets[1].items[i]->tensor.grad;
        int64_t count = momui_tensor_count(&set->items[i]->tensor);
        for (int64_t k = 0; k < count; k++)
            into[k] += from[k];
    }
    discriminator->optimiser.rate = rate;
    momu_status status = momui_adamw_step(&discriminator->optimiser, set, pool, &norm, error);
    momui_parameters_zero_grad(&discriminator->sets[0]);
    momui_parameters_zero_grad(&discriminator->sets[1]);
    return status;
}

/* ---- checkpoints ---- */

/* The three arrays that a parameter has there. */
static const char *const KINDS[3] = {"discriminator.weight", "discriminator.first",
                                     "discriminator.second"};

static float *array_of(momui_parameter *p, int kind) {
    return kind == 0 ? p->tensor.data : kind == 1 ? p->first : p->second;
}

momu_status momui_discriminator_training_save(const momui_discriminator_training *discriminator,
                                              momui_safetensors_writer *file, momu_error *error) {
    char name[192];
    for (int i = 0; discriminator->open && i < discriminator->sets[0].count; i++)
        for (int kind = 0; kind < 3; kind++) {
            momui_parameter *p = discriminator->sets[0].items[i];
            snprintf(name, sizeof name, "%s.%s", KINDS[kind], p->name);
            MOMUI_TRY(momui_safetensors_writer_tensor(file, name, p->tensor.rank, p->tensor.shape,
                                                      array_of(p, kind), false, error));
        }
    return MOMU_OK;
}

momu_status momui_discriminator_training_load(momui_discriminator_training *discriminator,
                                              const momui_safetensors *file, int64_t steps,
                                              momu_error *error) {
    char name[192];
    discriminator->optimiser.step = steps;
    for (int i = 0; discriminator->open && i < discriminator->sets[0].count; i++)
        for (int kind = 0; kind < 3; kind++) {
            momui_parameter *p = discriminator->sets[0].items[i];
            snprintf(name, sizeof name, "%s.%s", KINDS[kind], p->name);
            MOMUI_TRY(momui_safetensors_read_f32(file, name, p->tensor.rank, p->tensor.shape,
                                                 array_of(p, kind), error));
        }
    return MOMU_OK;
}
