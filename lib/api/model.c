/* Model handles: loading from a path, from memory and from a stream; owners; info. */
#include "api/api.h"

#include "api/default_model.h"
#include "base/stream.h"

#include <stdlib.h>
#include <string.h>

/* Far above any preset, far below what would hurt. */
#define MAX_MODEL_BYTES ((uint64_t)16 << 30)

void momu_model_options_init(momu_model_options *options, size_t size) {
    momui_init_struct(options, size);
}

static momu_status check_options(const momu_model_options *given, momu_model_options *own,
                                 momu_error *error) {
    memset(own, 0, sizeof *own);
    if (!given)
        return MOMU_OK;
    if (!momui_copy_struct(own, sizeof *own, given, given->struct_size))
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "model options: struct_size is %zu; call momu_model_options_init()",
                          given->struct_size);
    if (own->allocator && !own->allocator->resize)
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "model options: the allocator has no resize function");
    return MOMU_OK;
}

/* The handle comes straight from the hooks: its account is inside it. */
static momu_status make_handle(const momu_model_options *options, momu_model **model,
                               momu_error *error) {
    const momu_allocator *hooks = options->allocator;
    momu_model *made = momui_hooks_alloc(hooks, sizeof *made);
    if (!made)
        return momui_fail_memory(error, "a model");
    memset(made, 0, sizeof *made);
    momui_memory_init(&made->memory, hooks, options->memory_limit);
    atomic_init(&made->owners, 1);
    *model = made;
    return MOMU_OK;
}

static momu_status fill_handle(momu_model *model, const momui_bytes *bytes, momu_error *error) {
    MOMUI_TRY(momui_bundle_load(&model->memory, bytes, true, &model->bundle, error));
    const momui_parameters *set = &model->bundle->parameters;
    for (int i = 0; i < set->count; i++)
        model->parameters += (uint64_t)momui_tensor_count(&set->items[i]->tensor);
    return MOMU_OK;
}

/* Where a model's bytes come from: one of the three. */
typedef struct model_source {
    const char *path; /* used when there is neither data nor a stream; NULL: the default model */
    const void *data;
    size_t size;
    const momu_stream *stream;
} model_source;

static momu_status fetch_and_fill(momu_model *model, const model_source *source,
                                  momu_error *error) {
    momui_bytes bytes = {0};
    char *found = NULL;
    momu_status status = MOMU_OK;
    if (source->data) {
        momui_bytes_from_memory(source->data, source->size, &bytes);
    } else if (source->stream) {
        status =
            momui_bytes_from_stream(&model->memory, source->stream, MAX_MODEL_BYTES, &bytes, error);
    } else {
        if (!source->path)
            MOMUI_TRY(momui_find_default_model(&model->memory, &found, error));
        status = momui_bytes_from_path(&model->memory, source->path ? source->path : found, true,
                                       MAX_MODEL_BYTES, &bytes, error);
    }
    if (status == MOMU_OK) {
        status = fill_handle(model, &bytes, error);
        momui_bytes_release(&bytes);
    }
    momui_free(found);
    return status;
}

static momu_status load(const model_source *source, const momu_model_options *options,
                        momu_model **model, momu_error *error) {
    momu_model_options own;
    MOMUI_TRY(check_options(options, &own, error));
    momu_model *made = NULL;
    MOMUI_TRY(make_handle(&own, &made, error));
    momu_status status = fetch_and_fill(made, source, error);
    if (status == MOMU_OK)
        *model = made;
    else
        momu_model_release(made);
    return status;
}

momu_status momu_model_load(const char *path, const momu_model_options *options, momu_model **model,
                            momu_error *error) {
    if (!model)
        return momui_fail(error, MOMU_ERROR_ARGUMENT, "momu_model_load: no place for the model");
    *model = NULL;
    return load(&(model_source){.path = path}, options, model, error);
}

momu_status momu_model_load_memory(const void *data, size_t size, const momu_model_options *options,
                                   momu_model **model, momu_error *error) {
    if (model)
        *model = NULL;
    if (!model || !data || size == 0)
        return momui_fail(error, MOMU_ERROR_ARGUMENT, "momu_model_load_memory: no %s",
                          model ? "data" : "place for the model");
    return load(&(model_source){.data = data, .size = size}, options, model, error);
}

momu_status momu_model_load_stream(const momu_stream *stream, const momu_model_options *options,
                                   momu_model **model, momu_error *error) {
    if (model)
        *model = NULL;
    if (!model || !stream || !stream->read)
        return momui_fail(error, MOMU_ERROR_ARGUMENT, "momu_model_load_stream: no %s",
                          model ? "stream to read" : "place for the model");
    momu_status status = load(&(model_source){.stream = stream}, options, model, error);
    if (stream->close)
        stream->close(stream->user);
    return status;
}

momu_model *momu_model_retain(momu_model *model) {
    if (model)
        atomic_fetch_add_explicit(&model->owners, 1, memory_order_relaxed);
    return model;
}

void momu_model_release(momu_model *model) {
    if (!model || atomic_fetch_sub_explicit(&model->owners, 1, memory_order_acq_rel) != 1)
        return;
    momui_bundle_free(model->bundle);
    momu_allocator hooks = model->memory.hooks;
    momui_hooks_free(&hooks, model, sizeof *model);
}

static const char *layout_name(momui_layout layout) {
    switch (layout) {
    case MOMUI_LAYOUT_POSITIONS2D:
        return "positions2d";
    case MOMUI_LAYOUT_DIRECTIONS2D:
        return "directions2d";
    case MOMUI_LAYOUT_BODY3D:
        break;
    }
    return "body3d";
}

void momu_model_info_init(momu_model_info *info, size_t size) {
    momui_init_struct(info, size);
}

momu_status momu_model_get_info(const momu_model *model, momu_model_info *info) {
    if (!model || !info || info->struct_size < sizeof(size_t))
        return MOMU_ERROR_ARGUMENT;
    size_t size = info->struct_size;
    const momui_bundle *bundle = model->bundle;
    const momui_config *config = &bundle->config;
    double frame_rate = (double)config->sample_rate / config->hop;
    momu_model_info full = {
        .preset = config->preset,
        .license = bundle->license ? bundle->license : "",
        .training_data = bundle->training_data ? bundle->training_data : "",
        .trained_by = bundle->trained_by ? bundle->trained_by : "",
        .layout = layout_name(config->layout),
        .vocoder = momui_vocoder_type_of(config->vocoder.kind)->name,
        .sample_rate = config->sample_rate,
        .frame_rate = frame_rate,
        .latent_rate = frame_rate / config->down,
        .window_seconds = config->window_seconds,
        .max_seconds = config->max_seconds,
        .guidance_music = config->diffusion.guidance_music,
        .guidance_motion = config->diffusion.guidance_motion,
        .joint_start = config->diffusion.joint_start,
        .latent_channels = config->latent,
        .sampling_steps = config->diffusion.sampling_steps,
        .sampler = config->diffusion.sampler,
        .parameters = model->parameters,
        .memory_bytes = sizeof *model + atomic_load(&model->memory.used),
        .controls_trained = config->trained_controls,
        .joints = config->joints,
        .guidance_start_music = config->diffusion.guidance_start_music,
        .guidance_start_motion = config->diffusion.guidance_start_motion,
        .classifies_genre = momui_bundle_classifies_genre(bundle),
        .tracks_beats = momui_bundle_tracks_beats(bundle),
        .reads_keypoints = momui_bundle_reads_keypoints(bundle) && !config->condition.motion,
    };
    momui_give_struct(info, size, &full, sizeof full);
    return MOMU_OK;
}
