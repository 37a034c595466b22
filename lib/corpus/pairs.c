/* Pairs, file by file: a stretch of a track, a dance on its beats, and what both are. */
#include "corpus/pairs.h"

#include "base/audio.h"
#include "base/stream.h"
#include "dsp/beats.h"
#include "io/motion_file.h"
#include "io/sound.h"
#include "motion/rhythm.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double RATE = 16000.0;
static const double FRAME_RATE = 62.5;
static const double TOLERANCE = 0.07;

typedef struct stretch {
    const momui_track *track;
    int64_t from, samples;
    double *beats; /* relative to `from` */
    size_t beat_count;
} stretch;

/* A random stretch of a random track; longer tracks are drawn more often. */
static momu_status draw_stretch(momui_memory *memory, const momui_tracks *tracks, double seconds,
                                momui_random *random, stretch *out, momu_error *error) {
    double total = 0;
    for (size_t i = 0; i < tracks->count; i++)
        total += (double)tracks->items[i].frames;
    double pick = (double)momui_random_uniform(random) * total;
    size_t index = 0;
    while (index + 1 < tracks->count && pick >= (double)tracks->items[index].frames)
        pick -= (double)tracks->items[index++].frames;
    const momui_track *track = &tracks->items[index];
    int64_t wanted = (int64_t)(seconds * RATE);
    int64_t slack = track->frames > wanted ? track->frames - wanted : 0;
    *out = (stretch){.track = track, .samples = track->frames - slack};
    out->from = (int64_t)((double)momui_random_uniform(random) * (double)slack);
    out->beats = momui_alloc(memory, track->beat_count, sizeof *out->beats);
    if (!out->beats)
        return momui_fail_memory(error, "a stretch's beats");
    double begin = (double)out->from / RATE, end = (double)(out->from + out->samples) / RATE;
    for (size_t i = 0; i < track->beat_count; i++)
        if (track->beats[i] >= begin && track->beats[i] < end)
            out->beats[out->beat_count++] = track->beats[i] - begin;
    return MOMU_OK;
}

static momu_status write_sound(momui_memory *memory, const stretch *piece, const char *path,
                               momu_error *error) {
    momui_audio *audio = momui_audio_new(memory, piece->samples, 1, RATE);
    if (!audio)
        return momui_fail_memory(error, "a pair's sound");
    memcpy(audio->samples, piece->track->samples + piece->from,
           (size_t)piece->samples * sizeof *audio->samples);
    momu_status status = momui_sound_write(audio, path, error);
    momui_audio_free(audio);
    return status;
}

static void write_string(momui_writer *out, const char *text) {
    momui_write_text(out, "\"");
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            momui_write_text(out, "\\");
        if ((unsigned char)*text >= 0x20)
            momui_write(out, text, 1);
    }
    momui_write_text(out, "\"");
}

static momu_status write_facts(momui_memory *memory, const stretch *piece, const char *moves,
                               const char *path, momu_error *error) {
    momui_writer out;
    momui_writer_init(&out, memory);
    momui_write_text(&out, "{\"music\":");
    write_string(&out, piece->track->name);
    momui_write_text(&out, ",\"moves\":");
    write_string(&out, moves);
    momui_write_text(&out, ",\"tempo\":");
    momui_write_fixed(&out, piece->track->tempo, 3);
    momui_write_text(&out, ",\"beats\":[");
    for (size_t i = 0; i < piece->beat_count; i++) {
        if (i > 0)
            momui_write_text(&out, ",");
        momui_write_fixed(&out, piece->beats[i], 4);
    }
    momui_write_text(&out, "]}\n");
    momu_status status = out.failed ? momui_fail_memory(error, "a pair's facts")
                                    : momui_write_file(path, out.data, out.size, error);
    momui_writer_release(&out);
    return status;
}

static momu_status score(momui_memory *memory, const stretch *piece, const momui_motion *dance,
                         uint64_t seed, momui_pairs_summary *summary, momu_error *error) {
    double *beats = NULL;
    size_t count = 0;
    MOMUI_TRY(momui_kinematic_beats(memory, dance, false, &beats, &count, error));
    double seconds = (double)piece->samples / RATE;
    summary->f1 += momui_beats_match(beats, count, piece->beats, piece->beat_count, TOLERANCE).f1;
    summary->chance +=
        momui_beats_chance(beats, count, piece->beats, piece->beat_count, TOLERANCE, seconds, seed);
    momui_free(beats);
    return MOMU_OK;
}

/* The facts are written last: a pair without them was interrupted and is made again. */
static momu_status make_pair(momui_memory *memory, const momui_moves *moves,
                             const momui_tracks *tracks, const momui_pairs_options *options,
                             size_t index, momui_pairs_summary *summary, momu_error *error) {
    momui_random random = {options->seed, index, 0};
    stretch piece = {0};
    momui_motion *dance = NULL;
    char names[2048] = "", path[4096];
    momu_status status = draw_stretch(memory, tracks, options->seconds, &random, &piece, error);
    if (status == MOMU_OK)
        status = momui_dance_on_beats(memory, moves, piece.beats, piece.beat_count,
                                      (int64_t)((double)piece.samples / RATE * FRAME_RATE), &random,
                                      &dance, names, sizeof names, error);
    if (status == MOMU_OK) {
        snprintf(path, sizeof path, "%s/pair%05zu.flac", options->folder, index);
        status = write_sound(memory, &piece, path, error);
    }
    if (status == MOMU_OK) {
        snprintf(path, sizeof path, "%s/pair%05zu.npz", options->folder, index);
        status = momui_motion_write(dance, path, error);
    }
    if (status == MOMU_OK) {
        snprintf(path, sizeof path, "%s/pair%05zu.json", options->folder, index);
        status = write_facts(memory, &piece, names, path, error);
    }
    if (status == MOMU_OK)
        status = score(memory, &piece, dance, index, summary, error);
    momui_motion_free(dance);
    momui_free(piece.beats);
    return status;
}

momu_status momui_pairs_make(momui_memory *memory, const momui_moves *moves,
                             const momui_tracks *tracks, const momui_pairs_options *options,
                             momui_pairs_summary *summary, momu_error *error) {
    *summary = (momui_pairs_summary){0};
    if (moves->count == 0 || tracks->count == 0)
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "pairs need at least one usable take and one usable track; found %zu "
                          "and %zu",
                          moves->count, tracks->count);
    size_t total = (size_t)ceil(options->hours * 3600.0 / options->seconds);
    for (size_t i = 0; i < total; i++) {
        MOMUI_TRY(make_pair(memory, moves, tracks, options, i, summary, error));
        summary->pairs++;
        if (options->progress)
            options->progress(options->user, i + 1, total);
    }
    summary->f1 /= (double)total;
    summary->chance /= (double)total;
    return MOMU_OK;
}
