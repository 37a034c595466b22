/* A segment of a track, with another tempo and another pitch. */
#include "train/corpus/music/recorded.h"

#include "base/extremes.h"
#include "base/random.h"
#include "dsp/resample.h"
#include "io/sound/sound.h"
#include "train/corpus/music/recorded_packages.h"
#include "train/corpus/music/time_stretch.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { STREAM = 0x5245414c, PHRASE = 8 };
static const double SLOWEST = 0.85, FASTEST = 1.18, SHORTEST = 12;

typedef struct choice {
    const momui_recorded_track *track;
    size_t first, end;  /* beats */
    double begin, last; /* of the track's steady segment, seconds */
    double speed, gain;
    int pitch;
} choice;

/* In proportion to their lengths: each minute is equally likely. */
static const momui_recorded_track *choose_track(const momui_recorded_library *library,
                                                momui_split split, momui_random *random) {
    double all = 0;
    for (size_t i = 0; i < library->count; i++)
        all += library->tracks[i].split == split ? library->tracks[i].grid.seconds : 0;
    double at = all * (double)momui_random_uniform(random);
    const momui_recorded_track *last = NULL;
    for (size_t i = 0; i < library->count; i++) {
        if (library->tracks[i].split != split)
            continue;
        last = &library->tracks[i];
        at -= last->grid.seconds;
        if (at < 0)
            break;
    }
    return last;
}

static double beat_time(const momui_grid *grid, size_t beat) {
    return beat < grid->beat_count ? grid->beats[beat].time : grid->seconds;
}

/* Begins where a phrase does, and ends before one. */
static void choose_beats(choice *c, double wanted, momui_random *random) {
    const momui_grid *grid = &c->track->grid;
    size_t start = 0, starts = 0;
    while (start < grid->beat_count && start < 4 && grid->beats[start].count > 0)
        start++;
    while (start + (starts + 1) * PHRASE < grid->beat_count &&
           beat_time(grid, start + (starts + 1) * PHRASE) + wanted <= grid->seconds)
        starts++;
    c->first = start + PHRASE * momui_random_below(random, (uint32_t)starts + 1);
    c->first = c->first < grid->beat_count ? c->first : 0;
    c->end = c->first;
    while (c->end < grid->beat_count &&
           beat_time(grid, c->end + PHRASE) - beat_time(grid, c->first) <= wanted)
        c->end += PHRASE;
    if (c->end >= grid->beat_count || c->end - c->first < 2 * PHRASE)
        c->end = grid->beat_count;
    double lead = 0.05 + 0.15 * (double)momui_random_uniform(random);
    c->begin = fmax(0, beat_time(grid, c->first) - lead);
    c->last = c->end < grid->beat_count ? beat_time(grid, c->end) - 0.02 : grid->seconds;
}

static void choose_change(choice *c, momui_random *random) {
    bool as_it_is = momui_random_uniform(random) < 0.15f;
    double u = (double)momui_random_uniform(random);
    c->speed = as_it_is ? 1 : SLOWEST * pow(FASTEST / SLOWEST, u);
    c->speed = round(c->speed * 1000) / 1000;
    c->pitch = (int)momui_random_below(random, 7) - 3;
    c->pitch = as_it_is ? 0 : c->pitch;
    c->gain = pow(10, -6 * (double)momui_random_uniform(random) / 20);
}

/* Samples of the file from c->begin to c->last, two channels. */
static momu_status read_segment(momui_memory *memory, const choice *c, momui_audio **cut,
                                momu_error *error) {
    momui_audio *whole = NULL;
    MOMUI_TRY(momui_sound_read(memory, c->track->path, &whole, error));
    int64_t from = llround((c->track->from + c->begin) * whole->rate);
    int64_t to = llround((c->track->from + c->last) * whole->rate);
    to = to < whole->frames ? to : whole->frames;
    if (from >= to) {
        momui_audio_free(whole);
        return momui_fail(error, MOMU_ERROR_FORMAT, "%s: is shorter than it was", c->track->path);
    }
    *cut = momui_audio_new(memory, to - from, 2, whole->rate);
    int right = whole->channels > 1 ? 1 : 0;
    for (int64_t i = from; *cut && i < to; i++) {
        (*cut)->samples[2 * (i - from)] = whole->samples[i * whole->channels];
        (*cut)->samples[2 * (i - from) + 1] = whole->samples[i * whole->channels + right];
    }
    momui_audio_free(whole);
    return *cut ? MOMU_OK : momui_fail_memory(error, "a track");
}

/* Time-stretches by speed over pitch, then resamples by the pitch. */
static momu_status change(momui_memory *memory, const choice *c, const momui_audio *cut,
                          double rate, float **samples, int64_t *frames, momu_error *error) {
    double higher = pow(2, c->pitch / 12.0), speed = c->speed / higher;
    float *stretched = NULL;
    const float *source = cut->samples;
    int64_t count = cut->frames;
    if (fabs(speed - 1) > 1e-6) {
        MOMUI_TRY(momui_time_stretch(memory, cut->samples, cut->frames, cut->rate, speed,
                                     &stretched, &count, error));
        source = stretched;
    }
    momu_status status =
        momui_resample(memory, source, count, 2, cut->rate * higher, rate, samples, frames, error);
    momui_free(stretched);
    return status;
}

/* Fades both ends, and sets the level. */
static void finish_sound(momui_audio *sound, double gain) {
    float peak = 1e-6f;
    for (int64_t i = 0; i < 2 * sound->frames; i++)
        peak = momui_maxf(peak, fabsf(sound->samples[i]));
    float scale = (float)gain * 0.97f / fmaxf(peak, 0.5f);
    int64_t fade = (int64_t)(0.01 * sound->rate);
    for (int64_t i = 0; i < sound->frames; i++) {
        int64_t edge = i < sound->frames - 1 - i ? i : sound->frames - 1 - i;
        float level = scale * (edge < fade ? (float)edge / (float)fade : 1);
        sound->samples[2 * i] *= level;
        sound->samples[2 * i + 1] *= level;
    }
}

static momu_status make_sound(momui_memory *memory, const choice *c, double rate,
                              momui_recorded_segment *segment, momu_error *error) {
    momui_audio *cut = NULL;
    float *samples = NULL;
    int64_t frames = 0;
    MOMUI_TRY(read_segment(memory, c, &cut, error));
    momu_status status = change(memory, c, cut, rate, &samples, &frames, error);
    momui_audio_free(cut);
    MOMUI_TRY(status);
    segment->sound = momui_audio_new(memory, frames, 2, rate);
    if (segment->sound) {
        memcpy(segment->sound->samples, samples, (size_t)frames * 2 * sizeof *samples);
        finish_sound(segment->sound, c->gain);
    }
    momui_free(samples);
    return segment->sound ? MOMU_OK : momui_fail_memory(error, "a track");
}

/* Sections of the chosen beats. Where the section that one repeats is outside, it repeats the first
 * one like it. */
static void cut_sections(const choice *c, momui_grid *grid) {
    const momui_grid *whole = &c->track->grid;
    int32_t number[2] = {
        -1, -1}; /* the current section's index: in the whole track, and in the segment */
    for (size_t b = 0; b < grid->beat_count; b++) {
        int32_t section = grid->beats[b].section;
        if (section != number[0]) {
            number[0] = section;
            number[1] = (int32_t)grid->section_count++;
            momui_grid_section *made = &grid->sections[number[1]];
            *made = whole->sections[section];
            made->first_beat = (int32_t)b;
            made->beats = 0;
        }
        grid->beats[b].section = number[1];
        grid->sections[number[1]].beats++;
    }
    for (size_t i = grid->section_count; i-- > 0;) {
        int32_t like = grid->sections[i].like;
        for (size_t j = 0; j <= i; j++)
            if (j == i || grid->sections[j].like == like) {
                grid->sections[i].like = (int32_t)j;
                break;
            }
    }
}

static momu_status make_grid(momui_memory *memory, const choice *c, double seconds,
                             momui_grid *grid, momu_error *error) {
    const momui_grid *whole = &c->track->grid;
    *grid = *whole;
    grid->section_count = 0;
    grid->beat_count = c->end - c->first;
    grid->beats = momui_alloc(memory, grid->beat_count, sizeof *grid->beats);
    grid->sections = momui_alloc(memory, whole->section_count, sizeof *grid->sections);
    if (!grid->beats || !grid->sections)
        return momui_fail_memory(error, "a track's beats");
    memcpy(grid->beats, whole->beats + c->first, grid->beat_count * sizeof *grid->beats);
    for (size_t b = 0; b < grid->beat_count; b++)
        grid->beats[b].time = (grid->beats[b].time - c->begin) / c->speed;
    while (grid->beat_count > 0 && grid->beats[grid->beat_count - 1].time >= seconds)
        grid->beat_count--;
    grid->tempo = whole->tempo * c->speed;
    grid->seconds = seconds;
    cut_sections(c, grid);
    return MOMU_OK;
}

static void name_source(const choice *c, momui_recorded_segment *segment) {
    const momui_recorded_track *track = c->track;
    snprintf(segment->title, sizeof segment->title, "%.90s", track->name);
    snprintf(segment->source, sizeof segment->source, "%s%s%.150s", track->package,
             track->package[0] ? ": " : "", track->name);
    snprintf(segment->licence, sizeof segment->licence, "%s",
             track->licence[0] ? track->licence : "not known");
    segment->from = track->from + c->begin;
    segment->speed = c->speed;
    segment->pitch = c->pitch;
}

momu_status momui_recorded_draw(momui_memory *memory, const momui_recorded_library *library,
                                momui_split split, uint64_t seed, double seconds, double rate,
                                momui_recorded_segment *segment, momu_error *error) {
    momui_random random = {seed, STREAM, 0};
    *segment = (momui_recorded_segment){0};
    choice c = {.track = choose_track(library, split, &random)};
    if (!c.track)
        return momui_fail(error, MOMU_ERROR_NOT_FOUND,
                          "no recorded track for this split of the corpus; more of the packages "
                          "give it some: " MOMUI_RECORDED_PACKAGES);
    choose_change(&c, &random);
    choose_beats(&c, fmax(seconds, SHORTEST) * c.speed, &random);
    momu_status status = make_sound(memory, &c, rate, segment, error);
    if (status == MOMU_OK)
        status =
            make_grid(memory, &c, (double)segment->sound->frames / rate, &segment->grid, error);
    if (status == MOMU_OK)
        name_source(&c, segment);
    else
        momui_recorded_segment_release(segment);
    return status;
}

void momui_recorded_segment_release(momui_recorded_segment *segment) {
    momui_audio_free(segment->sound);
    segment->sound = NULL;
    momui_grid_release(&segment->grid);
}
