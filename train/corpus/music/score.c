#include "train/corpus/music/score.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int compare_events(const void *a, const void *b) {
    const momui_event *x = a, *y = b;
    if (x->block != y->block)
        return x->block < y->block ? -1 : 1;
    if ((x->velocity > 0) != (y->velocity > 0))
        return x->velocity > 0 ? 1 : -1;
    return x->order < y->order ? -1 : x->order > y->order;
}

static double delay_of(const momui_song *song, const momui_delays *delays, const momui_note *note) {
    bool drums = song->parts[note->part].bank == 128;
    return delays->seconds[note->part][drums ? note->key : note->key / 12 * 12];
}

static momu_status check(const momui_song *song, const momui_note *note, momu_error *error) {
    bool good = note->part >= 0 && (size_t)note->part < song->part_count &&
                note->part < MOMUI_MIX_PARTS && note->key >= 0 && note->key <= 127 &&
                isfinite(note->time) && note->time > -1 && note->time < 86400 &&
                note->seconds >= 0 && note->seconds < 86400;
    return good ? MOMU_OK
                : momui_fail(error, MOMU_ERROR_ARGUMENT,
                             "%s: a note of part %d, key %d at %g s for %g s cannot be played",
                             song->title, (int)note->part, (int)note->key, note->time,
                             note->seconds);
}

static int midi_velocity(float velocity) {
    int value = (int)lrintf(127 * velocity);
    return value < 1 ? 1 : value > 127 ? 127 : value;
}

momu_status momui_score_open(momui_memory *memory, const momui_song *song,
                             const momui_delays *delays, double rate, momui_score *score,
                             momu_error *error) {
    /* Number of the last up of each key, + 1: the next down of it must not come before. */
    size_t(*ups)[128] = momui_calloc(memory, MOMUI_MIX_PARTS, sizeof *ups);
    score->count = 0;
    score->events = momui_alloc(memory, song->note_count, 2 * sizeof *score->events);
    momu_status status =
        ups && score->events ? MOMU_OK : momui_fail_memory(error, "the song's score");
    for (size_t i = 0; status == MOMU_OK && i < song->note_count; i++) {
        const momui_note *note = &song->notes[i];
        status = check(song, note, error);
        if (status != MOMU_OK)
            break;
        double down = note->time - delay_of(song, delays, note);
        momui_event event = {.part = note->part, .key = note->key, .order = i};
        event.block = llround(down * rate / MOMUI_MIX_BLOCK);
        event.block = event.block < -MOMUI_SCORE_LEAD ? -MOMUI_SCORE_LEAD : event.block;
        event.velocity = midi_velocity(note->velocity);
        size_t before = ups[note->part][note->key];
        if (before > 0 && score->events[before - 1].block > event.block)
            score->events[before - 1].block = event.block;
        score->events[score->count++] = event;
        event.velocity = 0;
        event.block += llround(fmax(note->seconds * rate / MOMUI_MIX_BLOCK, 1));
        score->events[score->count++] = event;
        ups[note->part][note->key] = score->count;
    }
    momui_free(ups);
    if (status == MOMU_OK && score->count > 0)
        qsort(score->events, score->count, sizeof *score->events, compare_events);
    return status;
}

void momui_score_close(momui_score *score) {
    momui_free(score->events);
    *score = (momui_score){0};
}
