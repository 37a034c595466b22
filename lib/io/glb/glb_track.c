/* The curves of one animation: keys, and values between them. */
#include "base/extremes.h"
#include "io/glb/glb_file.h"
#include "io/motion_limits.h"

#include <math.h>
#include <string.h>

static momu_status read_keys(const momui_glb *glb, const momui_json *sampler,
                             momui_glb_track *track, momu_error *error) {
    static const char *const MODES[] = {"LINEAR", "STEP", "CUBICSPLINE"};
    int32_t mode = 0;
    size_t values = 0;
    if (momui_json_find(sampler, "interpolation"))
        MOMUI_TRY(momui_json_choice(sampler, "interpolation", MODES, 3, &mode, error));
    track->mode = (momui_glb_mode)mode;
    MOMUI_TRY(momui_glb_accessor(glb, sampler, "input", 1, &track->times, &track->keys, error));
    for (size_t i = 0; i < track->keys; i++)
        if (track->times[i] < 0 || (i > 0 && track->times[i] <= track->times[i - 1]))
            return momui_json_fail(sampler, error, "key %zu: times must rise from 0", i);
    int width = track->path == MOMUI_GLB_ROTATION ? 4 : 3;
    MOMUI_TRY(momui_glb_accessor(glb, sampler, "output", width, &track->values, &values, error));
    size_t expected = track->keys * (track->mode == MOMUI_GLB_CUBIC ? 3 : 1);
    if (values != expected)
        return momui_json_fail(sampler, error, "%zu values for %zu keys, expected %zu", values,
                               track->keys, expected);
    return MOMU_OK;
}

/* *used false: a channel that moves nothing of the skeleton. */
static momu_status read_channel(const momui_glb *glb, const momui_glb_tree *tree,
                                const momui_json *channel, const momui_json *samplers,
                                momui_glb_track *track, bool *used, momu_error *error) {
    static const char *const PATHS[] = {"translation", "rotation", "scale"};
    const momui_json *target = NULL;
    const char *path = NULL;
    size_t node = 0, sampler = 0;
    int32_t which = 0;
    *used = false;
    MOMUI_TRY(momui_json_object(channel, "target", &target, error));
    MOMUI_TRY(momui_json_string(target, "path", &path, error));
    if (strcmp(path, "weights") == 0 || !momui_json_find(target, "node"))
        return MOMU_OK;
    MOMUI_TRY(momui_json_choice(target, "path", PATHS, 3, &which, error));
    MOMUI_TRY(momui_glb_index(target, "node", glb->nodes, &node, error));
    MOMUI_TRY(momui_glb_index(channel, "sampler", samplers, &sampler, error));
    if (tree->nodes[node].matrix)
        return momui_json_fail(channel, error, "node %zu has a matrix: it cannot be animated",
                               node);
    *used = true;
    track->node = (int32_t)node;
    track->path = (momui_glb_path)which;
    return read_keys(glb, momui_json_at(samplers, sampler), track, error);
}

momu_status momui_glb_tracks_read(const momui_glb *glb, const momui_glb_tree *tree,
                                  size_t animation, momui_glb_tracks *tracks, momu_error *error) {
    const momui_json *json = momui_json_at(glb->animations, animation);
    const momui_json *channels = NULL, *samplers = NULL;
    *tracks = (momui_glb_tracks){0};
    MOMUI_TRY(momui_json_array(json, "channels", 0, 1 << 17, &channels, error));
    MOMUI_TRY(momui_json_array(json, "samplers", 0, SIZE_MAX, &samplers, error));
    size_t most = momui_json_count(channels);
    tracks->tracks = momui_calloc(glb->memory, most, sizeof *tracks->tracks);
    momu_status status = tracks->tracks ? MOMU_OK : momui_fail_memory(error, "an animation");
    for (size_t c = 0; c < most && status == MOMU_OK; c++) {
        bool used = false;
        status = read_channel(glb, tree, momui_json_at(channels, c), samplers,
                              &tracks->tracks[tracks->count], &used, error);
        tracks->count += used;
    }
    if (status == MOMU_OK && tracks->count == 0)
        status = momui_json_fail(json, error, "this animation moves no node");
    if (status != MOMU_OK)
        momui_glb_tracks_free(tracks);
    return status;
}

void momui_glb_tracks_free(momui_glb_tracks *tracks) {
    for (size_t i = 0; i < tracks->count; i++) {
        momui_free(tracks->tracks[i].times);
        momui_free(tracks->tracks[i].values);
    }
    momui_free(tracks->tracks);
    *tracks = (momui_glb_tracks){0};
}

static momui_quat quat_of(const float *v) {
    return momui_quat_of(v[3], v[0], v[1], v[2]);
}

static void store(momui_quat q, double value[4]) {
    q = momui_quat_unit(q);
    value[0] = q.x;
    value[1] = q.y;
    value[2] = q.z;
    value[3] = q.w;
}

/* Hermite between key k and the next; `s` 0..1 of `span` seconds. Each key is in-tangent, value,
 * out-tangent. */
static void cubic(const momui_glb_track *track, size_t k, double s, double span, int width,
                  double value[4]) {
    const float *here = track->values + k * 3 * (size_t)width, *next = here + 3 * width;
    double s2 = s * s, s3 = s2 * s;
    for (int i = 0; i < width; i++)
        value[i] = (2 * s3 - 3 * s2 + 1) * here[width + i] +
                   span * (s3 - 2 * s2 + s) * here[2 * width + i] +
                   (3 * s2 - 2 * s3) * next[width + i] + span * (s3 - s2) * next[i];
}

static void between(const momui_glb_track *track, size_t k, double s, double span, int width,
                    double value[4]) {
    const float *a = track->values + k * (size_t)width, *b = a + width;
    if (track->mode == MOMUI_GLB_CUBIC)
        cubic(track, k, s, span, width, value);
    else if (width == 4)
        store(momui_quat_slerp(momui_quat_unit(quat_of(a)), momui_quat_unit(quat_of(b)), s), value);
    else
        for (int i = 0; i < width; i++)
            value[i] = a[i] + s * ((double)b[i] - a[i]);
}

void momui_glb_track_at(momui_glb_track *track, double seconds, double value[4]) {
    int width = track->path == MOMUI_GLB_ROTATION ? 4 : 3;
    size_t k = track->at;
    while (k > 0 && seconds < track->times[k])
        k--;
    while (k + 1 < track->keys && seconds >= track->times[k + 1])
        k++;
    track->at = k;
    double span = k + 1 < track->keys ? (double)track->times[k + 1] - track->times[k] : 0;
    double s = span > 0 ? (seconds - track->times[k]) / span : 0;
    if (s <= 0 || track->mode == MOMUI_GLB_STEP) {
        size_t key = track->mode == MOMUI_GLB_CUBIC ? 3 * k + 1 : k;
        for (int i = 0; i < width; i++)
            value[i] = track->values[key * (size_t)width + (size_t)i];
    } else {
        between(track, k, s, span, width, value);
    }
    if (width == 4)
        store(momui_quat_of(value[3], value[0], value[1], value[2]), value);
}

/* The rate of keys that are all on one even grid, or 0. */
static double grid_rate(const momui_glb_tracks *tracks, double start) {
    double step = INFINITY;
    for (size_t i = 0; i < tracks->count; i++)
        for (size_t k = 1; k < tracks->tracks[i].keys; k++)
            step = momui_min(step,
                             (double)tracks->tracks[i].times[k] - tracks->tracks[i].times[k - 1]);
    if (!(step >= 1 / MOMUI_MAX_FPS && step <= 0.1))
        return 0;
    /* Times are float: neighbours a minute in are good to a few microseconds; the whole rate nearby
     * is exact. */
    double rate = floor(1 / step + 0.5);
    if (fabs(rate * step - 1) > 1e-2)
        rate = 1 / step;
    for (size_t i = 0; i < tracks->count; i++) {
        for (size_t k = 0; k < tracks->tracks[i].keys; k++) {
            double at = (tracks->tracks[i].times[k] - start) * rate;
            if (fabs(at - floor(at + 0.5)) > 0.02)
                return 0;
        }
    }
    return rate;
}

void momui_glb_tracks_clock(const momui_glb_tracks *tracks, double *start, double *end,
                            double *fps) {
    bool curved = false;
    *start = INFINITY;
    *end = 0;
    for (size_t i = 0; i < tracks->count; i++) {
        const momui_glb_track *track = &tracks->tracks[i];
        *start = momui_min(*start, track->times[0]);
        *end = momui_max(*end, track->times[track->keys - 1]);
        curved |= track->mode == MOMUI_GLB_CUBIC;
    }
    double rate = grid_rate(tracks, *start);
    *fps = rate == 0 || (curved && rate < 60) ? 60 : rate;
}
