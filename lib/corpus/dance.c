/* A dance on given beats: moves laid end to end, their kinematic beats on the music's.
 *
 *   beats   |    |    |    |    |    |    |    |    |
 *   piece A      x----x---------x                        x: a kinematic beat of the take, on a beat
 *   piece B                          x----x----x----x
 *   fade                        <-->                     between A's last and B's first
 *
 * Inside a piece time is mapped piecewise linearly from knot to knot; the takes nearly stand still
 * at the knots, so the change of speed there does not show. Outside of its knots a piece runs on at
 * its own speed. */
#include "corpus/pairs.h"

#include "motion/kinematics.h"
#include "motion/rotation.h"
#include "motion/time.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double FRAME_RATE = 62.5;
enum { MAX_KNOTS = 32, DRAWS = 80, CANDIDATES = 4 };
/* A take may be played this much faster or slower, and may wait at most this many beats for its
 * next arrest. */
static const double SLOWEST = 0.6, FASTEST = 1.7;
static const int LONGEST_WAIT = 4;
/* The part of a beat that a fade between pieces takes. */
static const double FADE = 0.5;

typedef struct piece {
    const momui_move *move;
    bool mirrored;
    int knots;
    double music[MAX_KNOTS], take[MAX_KNOTS];
    size_t last_beat; /* index of the beat that the last knot is on */
} piece;

static double frame_time(int64_t frame) {
    return ((double)frame + 0.5) / FRAME_RATE;
}

/* The take's time at `time` of the music. */
static double take_time(const piece *p, double time) {
    int k = 0;
    if (time <= p->music[0])
        return p->take[0] + (time - p->music[0]);
    while (k + 2 < p->knots && time > p->music[k + 1])
        k++;
    if (time >= p->music[p->knots - 1])
        return p->take[p->knots - 1] + (time - p->music[p->knots - 1]);
    double part = (time - p->music[k]) / (p->music[k + 1] - p->music[k]);
    return p->take[k] + part * (p->take[k + 1] - p->take[k]);
}

static const momui_move *draw_move(const momui_moves *moves, momui_random *random) {
    double total = 0;
    for (size_t i = 0; i < moves->count; i++)
        total += moves->items[i].weight;
    double pick = (double)momui_random_uniform(random) * total;
    size_t index = 0;
    while (index + 1 < moves->count && pick >= moves->items[index].weight)
        pick -= moves->items[index++].weight;
    return &moves->items[index];
}

/* Lays successive kinematic beats of p->move, from number `from` on, on beats from number `first`
 * on. */
static void lay_knots(piece *p, size_t from, const double *beats, size_t beat_count, size_t first,
                      size_t length) {
    const momui_move *move = p->move;
    size_t at = first;
    p->knots = 1;
    p->music[0] = beats[first];
    p->take[0] = move->beats[from];
    for (size_t j = from + 1; j < move->beat_count && p->knots < MAX_KNOTS; j++) {
        double gap = move->beats[j] - p->take[p->knots - 1];
        double beat = at + 1 < beat_count ? beats[at + 1] - beats[at] : beats[at] - beats[at - 1];
        int wait = (int)floor(gap / beat + 0.5);
        if (wait < 1)
            continue;
        if (wait > LONGEST_WAIT || at + (size_t)wait >= beat_count || at - first >= length)
            break;
        double speed = gap / (beats[at + (size_t)wait] - beats[at]);
        if (speed < SLOWEST || speed > FASTEST)
            continue;
        at += (size_t)wait;
        p->music[p->knots] = beats[at];
        p->take[p->knots++] = move->beats[j];
    }
    p->last_beat = at;
}

/* The share of the take's arrests within the piece that fall on a beat: the others will sound
 * between beats. */
static double on_beat(const piece *p) {
    size_t arrests = 0;
    for (size_t i = 0; i < p->move->beat_count; i++)
        arrests += p->move->beats[i] >= p->take[0] && p->move->beats[i] <= p->take[p->knots - 1];
    return arrests > 0 ? (double)p->knots / (double)arrests : 0;
}

/* The next piece, beginning on beat `first`: among some draws that fill half of their phrase, the
 * one whose arrests fall on beats most often; failing those, the longest. */
static void draw_piece(const momui_moves *moves, const double *beats, size_t beat_count,
                       size_t first, momui_random *random, piece *best) {
    static const size_t PHRASES[] = {4, 8, 8, 16};
    size_t length = PHRASES[momui_random_below(random, 4)];
    double best_share = -1;
    int filled = 0;
    best->knots = 0;
    for (int draw = 0; draw < DRAWS && filled < CANDIDATES; draw++) {
        piece p = {.move = draw_move(moves, random)};
        p.mirrored = momui_random_below(random, 2) == 1;
        size_t from = momui_random_below(random, (uint32_t)(p.move->beat_count - 1));
        lay_knots(&p, from, beats, beat_count, first, length);
        bool fills = p.last_beat - first >= length / 2;
        filled += fills;
        bool longer = filled == 0 && (best->knots == 0 || p.last_beat > best->last_beat);
        if (longer || (fills && on_beat(&p) > best_share)) {
            best_share = fills ? on_beat(&p) : -1;
            *best = p;
        }
    }
}

/* Where the pelvis faces. */
static double facing(const momui_motion *motion, int64_t frame) {
    momui_quat pelvis = momui_quat_load(motion->rotations + 4 * frame * MOMUI_BODY_JOINTS);
    momui_vec3 front = momui_quat_rotate(pelvis, momui_vec3_of(0, 0, 1));
    return atan2(front.x, front.z);
}

/* Turns the clip about the vertical and moves it over the ground so that its frame `frame` stands
 * and faces as frame `other_frame` of `other`. */
static void align(momui_motion *clip, int64_t frame, const momui_motion *other,
                  int64_t other_frame) {
    momui_quat turn =
        momui_quat_about(momui_vec3_of(0, 1, 0), facing(other, other_frame) - facing(clip, frame));
    momui_vec3 pivot = momui_vec3_load(clip->root + 3 * frame);
    momui_vec3 target = momui_vec3_load(other->root + 3 * other_frame);
    for (int64_t i = 0; i < clip->frames; i++) {
        float *root = clip->root + 3 * i, *pelvis = clip->rotations + 4 * i * MOMUI_BODY_JOINTS;
        momui_vec3 away = momui_vec3_of((double)root[0] - pivot.x, 0, (double)root[2] - pivot.z);
        away = momui_quat_rotate(turn, away);
        root[0] = (float)(target.x + away.x);
        root[2] = (float)(target.z + away.z);
        momui_quat_store(momui_quat_multiply(turn, momui_quat_load(pelvis)), pelvis);
    }
}

/* Frames `from`..`to` of the dance get the clip (whose frame 0 is `from`), faded in over the first
 * `fade`. */
static void paste(momui_motion *dance, const momui_motion *clip, int64_t from, int64_t to,
                  int64_t fade) {
    for (int64_t i = from; i < to; i++) {
        float t = fade > 0 ? ((float)(i - from) + 0.5f) / (float)fade : 1.0f;
        float weight = t >= 1 ? 1.0f : t * t * (3 - 2 * t);
        for (int axis = 0; axis < 3; axis++) {
            float *root = dance->root + 3 * i + axis;
            *root += weight * (clip->root[3 * (i - from) + axis] - *root);
        }
        for (int64_t j = 0; j < MOMUI_BODY_JOINTS; j++) {
            float *rotation = dance->rotations + 4 * (i * MOMUI_BODY_JOINTS + j);
            const float *fresh = clip->rotations + 4 * ((i - from) * MOMUI_BODY_JOINTS + j);
            momui_quat_store(
                momui_quat_slerp(momui_quat_load(rotation), momui_quat_load(fresh), (double)weight),
                rotation);
        }
    }
}

/* Frames from..to-1 of the piece, mirrored if it is. */
static momu_status cut_clip(momui_memory *memory, const piece *p, int64_t from, int64_t to,
                            momui_motion **clip, momu_error *error) {
    double *times = momui_alloc(memory, (size_t)(to - from), sizeof *times);
    if (!times)
        return momui_fail_memory(error, "a piece of a dance");
    /* Frame k of a move shows the instant (k + 0.5) / rate of its take; a warp counts from frame 0.
     */
    for (int64_t i = from; i < to; i++)
        times[i - from] = take_time(p, frame_time(i)) - 0.5 / FRAME_RATE;
    momui_motion *plain = NULL;
    momu_status status =
        momui_motion_warp(memory, p->move->body, times, to - from, FRAME_RATE, &plain, error);
    momui_free(times);
    if (status != MOMU_OK || !p->mirrored) {
        *clip = plain;
        return status;
    }
    status = momui_motion_mirror(memory, plain, clip, error);
    momui_motion_free(plain);
    return status;
}

/* Where the piece on beat `first` begins to show, and for how many frames it fades in. */
static int64_t piece_start(const double *beats, size_t first, int64_t *fade) {
    *fade = 0;
    if (first == 0)
        return 0;
    double gap = beats[first] - beats[first - 1];
    double middle = beats[first] - gap / 2;
    *fade = (int64_t)(FADE * gap * FRAME_RATE);
    int64_t start = (int64_t)(middle * FRAME_RATE) - *fade / 2;
    return start > 0 ? start : 0;
}

static void note_name(const piece *p, char *used, size_t size) {
    size_t length = used ? strlen(used) : size;
    if (length + 4 < size)
        snprintf(used + length, size - length, "%s%s%s", length ? "," : "", p->move->name,
                 p->mirrored ? " mirrored" : "");
}

static momu_status lay_pieces(momui_memory *memory, const momui_moves *moves, const double *beats,
                              size_t beat_count, momui_random *random, momui_motion *dance,
                              char *used, size_t used_size, momu_error *error) {
    for (size_t first = 0; first < beat_count;) {
        piece p = {0};
        draw_piece(moves, beats, beat_count, first, random, &p);
        int64_t fade = 0, from = piece_start(beats, first, &fade);
        if (from >= dance->frames)
            break;
        momui_motion *clip = NULL;
        /* Each piece is laid to the end: the next one is pasted over it, and the last one runs on.
         */
        MOMUI_TRY(cut_clip(memory, &p, from, dance->frames, &clip, error));
        if (from + fade / 2 > 0 && first > 0)
            align(clip, fade / 2, dance, from + fade / 2);
        paste(dance, clip, from, dance->frames, fade);
        momui_motion_free(clip);
        note_name(&p, used, used_size);
        first = p.last_beat + 1;
    }
    for (int64_t j = 0; j < MOMUI_BODY_JOINTS; j++)
        momui_quat_continue(dance->rotations + 4 * j, dance->frames, 4 * MOMUI_BODY_JOINTS);
    return momui_motion_update(dance, error);
}

momu_status momui_dance_on_beats(momui_memory *memory, const momui_moves *moves,
                                 const double *beats, size_t beat_count, int64_t frames,
                                 momui_random *random, momui_motion **dance_out, char *used,
                                 size_t used_size, momu_error *error) {
    *dance_out = NULL;
    if (beat_count < 2 || moves->count == 0 || frames < 1)
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "a dance needs two beats, a move and a frame; got %zu, %zu and %lld",
                          beat_count, moves->count, (long long)frames);
    momui_motion *dance = momui_body_new(memory, frames, FRAME_RATE);
    if (!dance)
        return momui_fail_memory(error, "a dance");
    if (used && used_size)
        used[0] = '\0';
    momu_status status =
        lay_pieces(memory, moves, beats, beat_count, random, dance, used, used_size, error);
    if (status != MOMU_OK) {
        momui_motion_free(dance);
        return status;
    }
    *dance_out = dance;
    return MOMU_OK;
}
