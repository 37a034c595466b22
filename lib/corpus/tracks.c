/* Real music: only stretches whose beats are steady. */
#include "corpus/pairs.h"

#include "base/audio.h"
#include "dsp/beats.h"
#include "dsp/resample.h"
#include "io/sound.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double RATE = 16000.0;
static const double LEAST_CONFIDENCE = 0.3;
/* A beat interval may differ from the piece's median by this much before the stretch ends. */
static const double STEADINESS = 0.12;
static const double SHORTEST = 12.0;

static int compare_doubles(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median_interval(momui_memory *memory, const double *beats, size_t count) {
    double *gaps = momui_alloc(memory, count, sizeof *gaps);
    if (!gaps || count < 2) {
        momui_free(gaps);
        return 0;
    }
    for (size_t i = 1; i < count; i++)
        gaps[i - 1] = beats[i] - beats[i - 1];
    qsort(gaps, count - 1, sizeof *gaps, compare_doubles);
    double median = gaps[(count - 1) / 2];
    momui_free(gaps);
    return median;
}

/* The longest run of beats whose intervals stay near the median: [*first, *last]. */
static void steady_run(const double *beats, size_t count, double median, size_t *first,
                       size_t *last) {
    size_t start = 0;
    *first = *last = 0;
    for (size_t i = 1; i < count; i++) {
        if (fabs(beats[i] - beats[i - 1] - median) > STEADINESS * median)
            start = i;
        else if (i - start > *last - *first) {
            *first = start;
            *last = i;
        }
    }
}

/* Moves the beats first..last of `found` into the track and cuts its samples to them. */
static momu_status cut_to_run(momui_memory *memory, momui_track *track, const momui_beats *found,
                              size_t first, size_t last, momu_error *error) {
    double margin = 0.25, begin = fmax(0, found->times[first] - margin);
    int64_t from = (int64_t)(begin * RATE);
    int64_t to = (int64_t)fmin((double)track->frames, (found->times[last] + margin) * RATE);
    track->beat_count = last - first + 1;
    track->beats = momui_alloc(memory, track->beat_count, sizeof *track->beats);
    if (!track->beats)
        return momui_fail_memory(error, "a track's beats");
    for (size_t i = 0; i < track->beat_count; i++)
        track->beats[i] = found->times[first + i] - (double)from / RATE;
    memmove(track->samples, track->samples + from, (size_t)(to - from) * sizeof *track->samples);
    track->frames = to - from;
    return MOMU_OK;
}

static momu_status prepare(momui_memory *memory, const char *path, momui_track *track,
                           momu_error *error) {
    momui_audio *audio = NULL;
    MOMUI_TRY(momui_sound_read(memory, path, &audio, error));
    float *mono = momui_audio_mono(audio, memory);
    momui_beats beats = {0};
    momu_status status =
        mono ? momui_beats_track(memory, mono, audio->frames, audio->rate, &beats, error)
             : momui_fail_memory(error, "a track");
    if (status == MOMU_OK)
        status = momui_resample(memory, mono, audio->frames, 1, audio->rate, RATE, &track->samples,
                                &track->frames, error);
    momui_free(mono);
    momui_audio_free(audio);
    size_t first = 0, last = 0;
    if (status == MOMU_OK)
        steady_run(beats.times, beats.count, median_interval(memory, beats.times, beats.count),
                   &first, &last);
    double seconds = beats.count ? beats.times[last] - beats.times[first] : 0;
    if (status == MOMU_OK && (beats.confidence < LEAST_CONFIDENCE || seconds < SHORTEST))
        status = momui_fail(error, MOMU_ERROR_LIMIT,
                            "pulse %.2f (at least %.2f), steady for %.1f s (at least %.0f s)",
                            beats.confidence, LEAST_CONFIDENCE, seconds, SHORTEST);
    track->tempo = seconds > 0 ? 60.0 * (double)(last - first) / seconds : 0;
    if (status == MOMU_OK)
        status = cut_to_run(memory, track, &beats, first, last, error);
    momui_beats_release(&beats);
    return status;
}

/* The last two parts of a path: a piece is often "its name/song.ogg". */
static const char *with_folder(const char *path) {
    const char *name = path, *folder = path;
    for (const char *p = path; *p; p++) {
        if (*p == '/') {
            folder = name;
            name = p + 1;
        }
    }
    return folder;
}

momu_status momui_tracks_add(momui_memory *memory, momui_tracks *tracks, const char *path,
                             momui_corpus_report report, void *user, momu_error *error) {
    momui_track track = {0};
    snprintf(track.name, sizeof track.name, "%.180s", with_folder(path));
    momu_error reason = {0};
    momu_status status = prepare(memory, path, &track, &reason);
    if (status == MOMU_OK && tracks->count == tracks->capacity) {
        size_t capacity = tracks->capacity ? tracks->capacity * 2 : 32;
        momui_track *grown = momui_realloc(memory, tracks->items, capacity, sizeof *tracks->items);
        if (grown) {
            tracks->items = grown;
            tracks->capacity = capacity;
        } else {
            status = MOMU_ERROR_MEMORY;
        }
    }
    if (status == MOMU_OK) {
        tracks->items[tracks->count++] = track;
        snprintf(reason.message, sizeof reason.message, "%.1f BPM, steady for %.1f s", track.tempo,
                 (double)track.frames / RATE);
    } else {
        momui_free(track.samples);
        momui_free(track.beats);
        tracks->skipped++;
    }
    if (status == MOMU_ERROR_MEMORY)
        return momui_fail_memory(error, "the tracks");
    if (report)
        report(user, path, reason.message);
    return MOMU_OK;
}

void momui_tracks_release(momui_tracks *tracks) {
    for (size_t i = 0; i < tracks->count; i++) {
        momui_free(tracks->items[i].samples);
        momui_free(tracks->items[i].beats);
    }
    momui_free(tracks->items);
    *tracks = (momui_tracks){0};
}
