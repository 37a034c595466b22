/* The beats of what a result is made for, where the caller says none: a network tracks them
 * (docs/networks.md, "Beat tracker") and the transformer is conditioned on them. Conditioning on
 * tracked beats improved alignment more than any further training of the transformers.
 *
 * The same tracker answers for reports, pictures and `momu beats`, so that what they show is what a
 * generation is conditioned on. */
#include "generate/job.h"

#include "diffusion/windows.h"
#include "dsp/beat_grid.h"
#include "motion/layout.h"
#include "motion/rhythm.h"

#include <math.h>
#include <string.h>

static const double MIN_CONFIDENCE = 0.25; /* below it the transformer stays unconditioned */
static const double WINDOW_SECONDS = 24;   /* that the network sees at once */

/* Beats a minute that are looked for. */
typedef struct tempo_range {
    double slowest, fastest;
} tempo_range;

static const tempo_range ALL_TEMPOS = {60, 200};

static tempo_range around(double tempo) {
    return (tempo_range){tempo * (1 - MOMUI_TEMPO_TOLERANCE), tempo * (1 + MOMUI_TEMPO_TOLERANCE)};
}

/* logits (latents * down): the network on windows of the rows (latents, channels) that overlap by
 * half, of each its middle. */
static momu_status run_beat_tracker(momui_job *job, const momui_beat_tracker *tracker,
                                    const float *rows, int64_t channels, float *logits) {
    int64_t down = job->config->down, all = job->latents;
    int64_t width = (int64_t)(WINDOW_SECONDS * momui_feature_rate(job->config) / (double)down);
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
        momui_tensor *y = momui_beat_tracker_forward(&g, tracker, x);
        if (y)
            memcpy(logits + (start + skip) * down, y->data + skip * down,
                   (size_t)((width - skip) * down) * sizeof *logits);
        momui_arena_reset(arena, mark);
        MOMUI_TRY(g.status);
    }
    return momui_check_finite("the beat tracker", logits, (size_t)(all * down), (size_t)down,
                              "latent frame", job->error);
}

static momu_status track(momui_job *job, const momui_beat_tracker *tracker, const float *rows,
                         int64_t channels, tempo_range tempos, momui_beats *beats) {
    float *logits =
        momui_alloc(job->memory, (size_t)(job->latents * job->config->down), sizeof *logits);
    if (!logits)
        return momui_fail_memory(job->error, "the beat tracker");
    momu_status status = run_beat_tracker(job, tracker, rows, channels, logits);
    if (status == MOMU_OK)
        status = momui_beat_grid_track(job->memory, logits, job->frames, MOMUI_MOTION_RATE,
                                       tempos.slowest, tempos.fastest, beats, job->error);
    momui_free(logits);
    return status;
}

/* latent (latents, d): the song's, scaled. */
static momu_status track_latent(momui_job *job, const float *latent, tempo_range tempos,
                                momui_beats *beats) {
    return track(job, job->bundle->music_beat_tracker, latent, job->config->latent, tempos, beats);
}

static momu_status track_dance(momui_job *job, const momui_motion *motion, tempo_range tempos,
                               momui_beats *beats) {
    const float *rhythm;
    int64_t frames = job->latents * job->config->down;
    MOMUI_TRY(momui_job_rhythm(job, motion, &rhythm));
    float *rows = momui_alloc(job->memory, (size_t)frames, MOMUI_RHYTHM_ROWS * sizeof *rows);
    if (!rows)
        return momui_fail_memory(job->error, "the rhythm of a dance");
    memcpy(rows, rhythm, (size_t)job->frames * MOMUI_RHYTHM_ROWS * sizeof *rows);
    momui_hold_last(rows, job->frames, frames, MOMUI_RHYTHM_ROWS);
    momu_status status = track(job, job->bundle->motion_beat_tracker, rows,
                               MOMUI_RHYTHM_ROWS * job->config->down, tempos, beats);
    momui_free(rows);
    return status;
}

static bool confident(const momui_beats *beats) {
    return beats->count >= 2 && beats->confidence >= MIN_CONFIDENCE;
}

/* ---- to condition on ---- */

/* Whether the model has a tracker for it, and there is enough of it. */
static bool trackable(const momui_job *job) {
    return job->seconds >= MOMUI_MIN_ANALYSIS_SECONDS && momui_bundle_tracks_beats(job->bundle);
}

bool momui_job_tracks_beats(const momui_job *job) {
    const momu_generate_options *o = &job->options;
    bool inpainted = job->makes_music ? o->inpainting_audio != NULL : o->inpainting_motion != NULL;
    return !o->beats && o->track_beats != MOMU_SWITCH_OFF && !inpainted && trackable(job);
}

static tempo_range tempos_of(const momui_job *job) {
    return job->options.tempo > 0 ? around(job->options.tempo) : ALL_TEMPOS;
}

/* Conditions on job->beats, or lets go of them. */
static void use_tracked(momui_job *job) {
    bool said = job->options.tempo > 0; /* a tempo that is said is one throughout */
    if (!confident(&job->beats) || (said && job->beats.tempo == 0)) {
        momui_beats_release(&job->beats);
        return;
    }
    job->beats_free = !said;
    job->info.beats_confidence = job->beats.confidence;
    momui_job_condition_on_beats(job);
}

momu_status momui_job_track_music_beats(momui_job *job, const float *condition) {
    if (!momui_job_tracks_beats(job))
        return MOMU_OK;
    MOMUI_TRY(track_latent(job, condition, tempos_of(job), &job->beats));
    use_tracked(job);
    return MOMU_OK;
}

momu_status momui_job_track_dance_beats(momui_job *job, const momui_motion *motion) {
    if (!momui_job_tracks_beats(job))
        return MOMU_OK;
    MOMUI_TRY(track_dance(job, motion, tempos_of(job), &job->beats));
    use_tracked(job);
    return MOMU_OK;
}

/* ---- to report ---- */

momu_status momui_job_classic_beats(momui_job *job, const momui_audio *audio, momui_beats *beats) {
    float *mono = momui_audio_mono(audio, job->memory);
    if (!mono)
        return momui_fail_memory(job->error, "the sound's mean channel");
    double used = ceil(job->seconds * audio->rate); /* the sound may be longer than the result */
    int64_t frames = used < (double)audio->frames ? (int64_t)used : audio->frames;
    momu_status status =
        momui_beats_track(job->memory, mono, frames, audio->rate, beats, job->error);
    momui_free(mono);
    return status;
}

/* A generated song is encoded anew although its latent is at hand: decoder, vocoder and post-filter
 * stand between the two, and beats that a listener, the page or `momu beats` tracks are those of
 * the sound. */
static momu_status track_by_network(momui_job *job, const momui_audio *audio, momui_beats *beats) {
    float *latent = NULL;
    MOMUI_TRY(momui_encode_sound(job, audio, &latent));
    momu_status status = track_latent(job, latent, ALL_TEMPOS, beats);
    momui_free(latent);
    return status;
}

momu_status momui_job_music_beats(momui_job *job, const momui_audio *audio, momui_beats *beats) {
    *beats = (momui_beats){0};
    if (trackable(job)) {
        MOMUI_TRY(track_by_network(job, audio, beats));
        if (confident(beats))
            return MOMU_OK;
        momui_beats_release(beats);
    }
    return momui_job_classic_beats(job, audio, beats);
}

static momu_status kinematic(momui_job *job, const momui_motion *motion, momui_beats *beats) {
    const double *times;
    size_t count;
    MOMUI_TRY(momui_job_kinematic_beats(job, motion, &times, &count));
    beats->tracker = MOMUI_TRACKER_DIRECTOGRAM;
    beats->times = momui_alloc(job->memory, count ? count : 1, sizeof *beats->times);
    if (!beats->times)
        return momui_fail_memory(job->error, "the beats of a dance");
    if (count > 0)
        memcpy(beats->times, times, count * sizeof *times);
    beats->count = count;
    momui_event_tempo(times, count, &beats->tempo, &beats->confidence);
    return MOMU_OK;
}

momu_status momui_job_dance_beats(momui_job *job, const momui_motion *motion, momui_beats *beats) {
    *beats = (momui_beats){0};
    if (trackable(job)) {
        MOMUI_TRY(track_dance(job, motion, ALL_TEMPOS, beats));
        if (confident(beats))
            return MOMU_OK;
        momui_beats_release(beats);
    }
    return kinematic(job, motion, beats);
}
