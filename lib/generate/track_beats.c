/* The beats of what a result is made for, where the caller says none: found by a network that was
 * trained to (docs/networks.md, "Beat tracker") and told as if they had been said. Left to itself a
 * transformer hears them less well than a network that does nothing else, and where it mishears
 * them all that it makes is off the beat. */
#include "generate/job.h"

#include "diffusion/windows.h"
#include "dsp/beat_grid.h"
#include "motion/layout.h"
#include "motion/rhythm.h"

#include <math.h>
#include <string.h>

static const double MIN_CONFIDENCE = 0.25;       /* below it the transformer stays free */
static const double SLOWEST = 60, FASTEST = 200; /* beats a minute */
static const double WINDOW_SECONDS = 24;         /* that the network sees at once */

/* logits (latents * down): the network on windows of the rows (latents, channels) that overlap by
 * half, of each its middle. */
static momu_status run_beat_tracker(momui_job *job, const momui_beat_tracker *tracker,
                                    const float *rows, int64_t channels, float *logits) {
    int64_t down = job->config->down, all = job->latents;
    double rate = (double)job->config->sample_rate / (double)(job->config->hop * down);
    int64_t width = (int64_t)(WINDOW_SECONDS * rate);
    width = width < all ? width : all;
    momui_arena *arena = job->context->arena;
    momui_arena_mark mark = momui_arena_position(arena);
    for (int64_t i = 0; i < momui_window_count(all, width); i++) {
        int64_t start = momui_window_start(all, width, i);
        int64_t skip = i == 0 ? 0 : width / 4; /* the window before knows these better */
        momui_graph g;
        MOMUI_TRY(momui_job_report(job, "encoding", (uint64_t)start, (uint64_t)all));
        MOMUI_TRY(momui_graph_begin(&g, arena, job->context->pool, false, job->error));
        momui_tensor *x =
            momui_tensor_from(&g, 3, (int64_t[]){1, width, channels}, rows + start * channels);
        momui_tensor *found = momui_beat_tracker_forward(&g, tracker, x);
        if (found)
            memcpy(logits + (start + skip) * down, found->data + skip * down,
                   (size_t)((width - skip) * down) * sizeof *logits);
        momui_arena_reset(arena, mark);
        MOMUI_TRY(g.status);
    }
    return momui_check_finite("the finder of beats", logits, (size_t)(all * down), (size_t)down,
                              "latent frame", job->error);
}

bool momui_job_tracks_beats(const momui_job *job) {
    const momu_generate_options *o = &job->options;
    bool known = job->makes_music ? o->inpainting_audio != NULL : o->inpainting_motion != NULL;
    return !o->beats && o->track_beats != MOMU_SWITCH_OFF && !known &&
           job->seconds >= MOMUI_MIN_ANALYSIS_SECONDS && momui_bundle_tracks_beats(job->bundle);
}

/* What the finder says of the rows (latents, channels), told where it is sure enough. */
static momu_status track_beats(momui_job *job, const momui_beat_tracker *tracker, const float *rows,
                               int64_t channels, double **beats) {
    const momu_generate_options *o = &job->options;
    double slowest = o->tempo > 0 ? o->tempo * (1 - MOMUI_TEMPO_TOLERANCE) : SLOWEST;
    double fastest = o->tempo > 0 ? o->tempo * (1 + MOMUI_TEMPO_TOLERANCE) : FASTEST;
    momui_beats found = {0};
    float *logits =
        momui_alloc(job->memory, (size_t)(job->latents * job->config->down), sizeof *logits);
    if (!logits)
        return momui_fail_memory(job->error, "the finder of beats");
    momu_status status = run_beat_tracker(job, tracker, rows, channels, logits);
    if (status == MOMU_OK)
        status = momui_beat_grid_track(job->memory, logits, job->frames, MOMUI_MOTION_RATE, slowest,
                                       fastest, &found, job->error);
    momui_free(logits);
    if (status != MOMU_OK)
        return status;
    bool kept = o->tempo == 0 || found.tempo > 0; /* a tempo that is said is one throughout */
    if (found.count < 2 || found.confidence < MIN_CONFIDENCE || !kept) {
        momui_beats_release(&found);
        return MOMU_OK;
    }
    momui_job_condition_on_beats(job, &found);
    job->info.beats_confidence = found.confidence;
    *beats = found.times;
    return MOMU_OK;
}

momu_status momui_job_track_music_beats(momui_job *job, const float *condition, double **beats) {
    if (!momui_job_tracks_beats(job))
        return MOMU_OK;
    return track_beats(job, job->bundle->music_beat_tracker, condition, job->config->latent, beats);
}

momu_status momui_job_track_dance_beats(momui_job *job, const momui_motion *motion,
                                        double **beats) {
    momui_motion *clocked = NULL;
    float *rhythm = NULL, *rows = NULL;
    uint32_t filled;
    if (!momui_job_tracks_beats(job))
        return MOMU_OK;
    /* keypoints are looked at as they are, whatever the model's own figure */
    momui_layout layout =
        motion->kind == MOMUI_MOTION_KEYPOINTS ? MOMUI_LAYOUT_POSITIONS2D : job->config->layout;
    MOMUI_TRY(momui_dance_on_clock(job->memory, layout, motion, MOMUI_MOTION_RATE, job->frames,
                                   &clocked, &filled, job->error));
    momu_status status = momui_rhythm_rows(job->memory, clocked, &rhythm, job->error);
    momui_motion_free(clocked);
    if (status == MOMU_OK) {
        rows = momui_alloc(job->memory, (size_t)(job->latents * job->config->down),
                           MOMUI_RHYTHM_ROWS * sizeof *rows);
        status = rows ? MOMU_OK : momui_fail_memory(job->error, "the rhythm of a dance");
    }
    if (status == MOMU_OK && rows) {
        memcpy(rows, rhythm, (size_t)job->frames * MOMUI_RHYTHM_ROWS * sizeof *rows);
        momui_job_hold_last(job, rows, MOMUI_RHYTHM_ROWS);
        status = track_beats(job, job->bundle->motion_beat_tracker, rows,
                             MOMUI_RHYTHM_ROWS * job->config->down, beats);
    }
    momui_free(rhythm);
    momui_free(rows);
    return status;
}
