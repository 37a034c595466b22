/* send -> low cut -> early taps (left, right) and eight delay lines that feed each other through a
 * Hadamard matrix, each with its own loss for all and for high frequencies. */
#include "train/corpus/music/room.h"

#include <math.h>
#include <string.h>

enum { LINES = 8, TAPS = 6 };

typedef struct line {
    float *data;
    int length, place;
    float gain, damping, low; /* of each round; of high frequencies; the filter's state */
} line;

struct momui_room {
    line lines[LINES];
    float *early; /* the last `early_length` sums of both sides */
    int early_length, early_place;
    int tap[2][TAPS];
    float tap_gain[2][TAPS];
    float cut, cut_state[2]; /* low cut before the room: bass is kept out of it */
};

/* Mutually odd lengths, milliseconds in a room of middle size. */
static const double LINE_TIME[LINES] = {29.7, 37.1, 41.1, 43.7, 47.9, 53.3, 59.1, 67.9};

static momu_status open_line(momui_memory *memory, line *l, double rate, double milliseconds,
                             double decay, double bright, momu_error *error) {
    l->length = (int)(milliseconds * 0.001 * rate) + 1;
    l->data = momui_calloc(memory, (size_t)l->length, sizeof *l->data);
    if (!l->data)
        return momui_fail_memory(error, "the room");
    l->gain = (float)pow(10, -3 * milliseconds * 0.001 / decay); /* -60 dB after `decay` s */
    double corner = 1500 + 6500 * bright;
    l->damping = (float)(1 - exp(-6.283185307 * corner / rate));
    return MOMU_OK;
}

static void place_taps(momui_room *room, double rate, double size, momui_random *random) {
    for (int side = 0; side < 2; side++)
        for (int i = 0; i < TAPS; i++) {
            double far = (0.4 + (double)i + (double)momui_random_uniform(random)) / (TAPS + 1.4);
            double time = 0.004 + (0.012 + 0.045 * size) * far;
            room->tap[side][i] = (int)(time * rate);
            float sign = momui_random_below(random, 2) ? 1.0f : -1.0f;
            room->tap_gain[side][i] = sign * (float)(0.5 * exp(-1.6 * far));
        }
}

momu_status momui_room_open(momui_memory *memory, double rate, double size, double bright,
                            momui_random *random, momui_room **out, momu_error *error) {
    *out = NULL;
    momui_room *room = momui_calloc(memory, 1, sizeof *room);
    if (!room)
        return momui_fail_memory(error, "the room");
    double decay = 0.25 + 2.0 * size * size, scale = 0.55 + 0.75 * size;
    momu_status status = MOMU_OK;
    for (int i = 0; status == MOMU_OK && i < LINES; i++) {
        double off = 1 + 0.06 * ((double)momui_random_uniform(random) - 0.5);
        status = open_line(memory, &room->lines[i], rate, LINE_TIME[i] * scale * off, decay, bright,
                           error);
    }
    room->early_length = (int)(0.08 * rate) + 1;
    room->early = momui_calloc(memory, (size_t)room->early_length, sizeof *room->early);
    if (status == MOMU_OK && !room->early)
        status = momui_fail_memory(error, "the room");
    if (status != MOMU_OK) {
        momui_room_close(room);
        return status;
    }
    place_taps(room, rate, size, random);
    room->cut = (float)(1 - exp(-6.283185307 * 180 / rate));
    *out = room;
    return MOMU_OK;
}

void momui_room_close(momui_room *room) {
    if (!room)
        return;
    for (int i = 0; i < LINES; i++)
        momui_free(room->lines[i].data);
    momui_free(room->early);
    momui_free(room);
}

/* x = Hadamard x / sqrt(8) */
static void mix_lines(float x[LINES]) {
    for (int step = 1; step < LINES; step *= 2)
        for (int i = 0; i < LINES; i += 2 * step)
            for (int k = i; k < i + step; k++) {
                float a = x[k], b = x[k + step];
                x[k] = a + b;
                x[k + step] = a - b;
            }
    for (int i = 0; i < LINES; i++)
        x[i] *= 0.35355339f;
}

static void early_reflections(momui_room *room, float value, float out[2]) {
    room->early[room->early_place] = value;
    for (int side = 0; side < 2; side++)
        for (int i = 0; i < TAPS; i++) {
            int at = room->early_place - room->tap[side][i];
            out[side] +=
                room->tap_gain[side][i] * room->early[at < 0 ? at + room->early_length : at];
        }
    room->early_place = room->early_place + 1 == room->early_length ? 0 : room->early_place + 1;
}

void momui_room_process(momui_room *room, const float *send, float *out, int count) {
    for (int n = 0; n < count; n++) {
        float in[2], x[LINES];
        for (int side = 0; side < 2; side++) {
            room->cut_state[side] += room->cut * (send[2 * n + side] - room->cut_state[side]);
            in[side] = send[2 * n + side] - room->cut_state[side];
        }
        early_reflections(room, in[0] + in[1], out + 2 * n);
        for (int i = 0; i < LINES; i++) {
            line *l = &room->lines[i];
            l->low += l->damping * (l->data[l->place] * l->gain - l->low) + 1e-20f;
            x[i] = l->low;
        }
        out[2 * n] += 0.5f * (x[0] + x[2] - x[4] + x[6]);
        out[2 * n + 1] += 0.5f * (x[1] - x[3] + x[5] + x[7]);
        mix_lines(x);
        for (int i = 0; i < LINES; i++) {
            line *l = &room->lines[i];
            l->data[l->place] = x[i] + 0.5f * in[i & 1];
            l->place = l->place + 1 == l->length ? 0 : l->place + 1;
        }
    }
}
