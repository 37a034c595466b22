/* From figures to joints: each channel (an angle of an arm, of the spine, a shift of the pelvis)
 * arrives at its key on each count, far joints a little after near ones; then channels become
 * rotations. */
#include "train/corpus/moves/upper.h"

#include "base/extremes.h"
#include <math.h>
#include <string.h>

/* Channels: the torso's nine, the head's three, five of each arm. */
enum {
    SPINE_PITCH,
    SPINE_ROLL,
    SPINE_TWIST,
    SHIFT_X,
    SHIFT_Y,
    SHIFT_Z,
    TILT_PITCH,
    TILT_ROLL,
    TILT_YAW,
    HEAD_PITCH,
    HEAD_ROLL,
    HEAD_YAW,
    LEFT_ARM,
    RIGHT_ARM = LEFT_ARM + 5,
    CHANNELS = RIGHT_ARM + 5
};
enum { RAISE, AHEAD, TWIST, BEND, SHRUG };

static const double LEAST_WINDOW = 0.13, MOST_WINDOW = 0.32; /* seconds of a way to a key */
static const double HAND_SPEED = 3.2;   /* metres a second, on the mean of a way */
static const double HOLD_SECONDS = 0.5; /* seconds that a held pose takes to settle */
static const double LATEST = 0.12;      /* seconds after a count until its keys are arrived at */
static const double MOST_LAG = 0.035;   /* of the farthest joint, of the loosest dancer */

typedef struct dancer {
    const momui_upper_choice *choice;
    const momui_dancer_style *style;
    const momui_counts *counts;
    momui_random *random;
    bool mirrored;
    double phase[CHANNELS][2], pace[CHANNELS][2]; /* of the small irregularity */
} dancer;

static double uniform(momui_random *random, double low, double high) {
    return low + (high - low) * (double)momui_random_uniform(random);
}

static void arm_key(const char *text, size_t place, double size, double *out) {
    const momui_arm_pose *pose = momui_arm_pose_of(text[place % strlen(text)]);
    const momui_arm_pose *hang = momui_arm_pose_of('h');
    out[RAISE] = hang->raise + (pose->raise - hang->raise) * size;
    out[AHEAD] = pose->ahead;
    out[TWIST] = pose->twist * size;
    out[BEND] = hang->bend + (pose->bend - hang->bend) * (0.4 + 0.6 * size);
    out[SHRUG] = pose->shrug;
}

static size_t key_place(const momui_counts *counts, size_t count) {
    return (size_t)counts->first + count - 1;
}

static void torso_key(const dancer *d, size_t count, double size, double *key) {
    const momui_text_pattern *p = momui_torso_pattern_at(d->choice->torso);
    const momui_torso_pose *t =
        momui_torso_pose_of(p->keys[key_place(d->counts, count) % strlen(p->keys)]);
    const double values[9] = {t->pitch,   t->roll,       t->twist,     t->shift_x, t->shift_y,
                              t->shift_z, t->tilt_pitch, t->tilt_roll, t->tilt_yaw};
    double sign = d->mirrored ? -1.0 : 1.0;
    static const bool SIDED[9] = {false, true, true, true, false, false, false, true, true};
    for (int i = 0; i < 9; i++)
        key[i] = values[i] * size * (SIDED[i] ? sign : 1.0);
    key[SHIFT_Y] *= 0.5 + 0.8 * d->style->weight;
}

static void head_key(const dancer *d, size_t count, double size, double *key) {
    if (d->choice->head == SIZE_MAX)
        return;
    const momui_text_pattern *p = momui_head_pattern_at(d->choice->head);
    const momui_head_pose *h =
        momui_head_pose_of(p->keys[key_place(d->counts, count) % strlen(p->keys)]);
    double sign = d->mirrored ? -1.0 : 1.0;
    key[HEAD_PITCH] = h->pitch * size;
    key[HEAD_ROLL] = sign * h->roll * size;
    key[HEAD_YAW] = sign * h->yaw * size;
}

/* The keys of count `count` (1..), varied a little: no two repetitions are alike. */
static void make_key(dancer *d, size_t count, double *key) {
    double accent = d->counts->accents ? (double)d->counts->accents[count] : 0.5;
    double size = d->style->size * (0.88 + 0.24 * accent) * uniform(d->random, 0.9, 1.08);
    double arms = fmin(1.1, fmax(0.45, 0.35 + 0.65 * size));
    const momui_arms_pattern *p =
        d->choice->arms == SIZE_MAX ? NULL : momui_arms_pattern_at(d->choice->arms);
    memset(key, 0, CHANNELS * sizeof *key);
    torso_key(d, count, fmin(1.25, size), key);
    head_key(d, count, fmin(1.2, size), key);
    const char *left = p ? p->left : "h", *right = p ? p->right : "h";
    arm_key(d->mirrored ? right : left, key_place(d->counts, count), p && p->exact ? 1.0 : arms,
            key + LEFT_ARM);
    arm_key(d->mirrored ? left : right, key_place(d->counts, count), p && p->exact ? 1.0 : arms,
            key + RIGHT_ARM);
    for (int c = 0; c < CHANNELS; c++) {
        double spread = c >= LEFT_ARM ? 3.5 : c >= SHIFT_X && c <= SHIFT_Z ? 0.4 : 1.2;
        if (!(p && p->exact && c >= LEFT_ARM))
            key[c] += spread * d->style->noise * (double)momui_random_normal(d->random);
    }
}

/* ---- time ---- */

static double minimum_jerk(double u) {
    u = fmin(1.0, fmax(0.0, u));
    return u * u * u * (10.0 - 15.0 * u + 6.0 * u * u);
}

static double lag_of(const dancer *d, int channel) {
    double far = 0.2;
    if (channel >= LEFT_ARM) {
        int which = (channel - LEFT_ARM) % 5;
        far = which == BEND ? 1.0 : which == TWIST ? 0.8 : 0.5;
    } else if (channel >= HEAD_PITCH) {
        far = 0.7;
    }
    return (far - 0.35) * MOST_LAG * d->style->looseness;
}

/* Metres that a hand has to go from key to key, roughly. */
static double hand_way(const double *from, const double *to) {
    double level = sin((from[RAISE] + to[RAISE]) / 2.0 * MOMUI_PI / 180.0);
    double arm = hypot(to[RAISE] - from[RAISE], (to[AHEAD] - from[AHEAD]) * level);
    double folded = sin((from[BEND] + to[BEND]) / 2.0 * MOMUI_PI / 180.0);
    double forearm = hypot(to[BEND] - from[BEND], (to[TWIST] - from[TWIST]) * folded);
    return (0.5 * arm + 0.27 * forearm) * MOMUI_PI / 180.0;
}

/* Seconds that the way to count k's key takes: the style's share of the count, and for a hand that
 * goes far as long as a human's needs. */
static double window_of(const dancer *d, const double *keys, size_t k, int channel, bool flows) {
    double gap = d->counts->times[k] - d->counts->times[k - 1];
    double window = fmin(MOST_WINDOW, fmax(LEAST_WINDOW, d->style->arrival * gap));
    if (flows)
        return gap;
    if (channel >= LEFT_ARM) {
        int arm = channel >= RIGHT_ARM ? RIGHT_ARM : LEFT_ARM;
        const double *key = keys + k * CHANNELS + arm;
        window = momui_max(window, hand_way(key - CHANNELS, key) / HAND_SPEED);
    }
    return fmin(window, 0.9 * gap);
}

/* How much of the way to count k's key is done at `time`. Both people and the directogram place the
 * deceleration peak some time before the motion is at rest: the peak falls on the count. */
static double arrived(const dancer *d, size_t k, double time, double lag, double window,
                      bool flows) {
    double late = flows ? 0.0 : 0.5 * window - sqrt(0.0049 + 0.036 * window * window);
    late = fmin(0.09, fmax(-0.01, late));
    double since = time - lag - late - (d->counts->times[k] - window);
    if (flows)
        return minimum_jerk(since / window);
    /* a little too far, and back while the pose is held */
    double over = 0.03 + 0.06 * d->style->looseness;
    return minimum_jerk(since / window) * (1.0 + over) -
           over * minimum_jerk((since - window) / HOLD_SECONDS);
}

static double irregular(const dancer *d, int channel, double time) {
    double size = channel >= LEFT_ARM ? 1.6 : channel >= SHIFT_X && channel <= SHIFT_Z ? 0.3 : 0.8;
    double sum = 0;
    for (int i = 0; i < 2; i++)
        sum += sin(2.0 * MOMUI_PI * (d->pace[channel][i] * time + d->phase[channel][i]));
    return size * d->style->noise * sum;
}

/* ---- channels to rotations ---- */

static momui_quat about(double x, double y, double z, double degrees) {
    return momui_quat_about(momui_vec3_of(x, y, z), degrees * MOMUI_PI / 180.0);
}

static void set_arm(momui_upper *upper, int side, const double *a) {
    double sign = side == 0 ? 1.0 : -1.0;
    int collar = MOMUI_LEFT_COLLAR + side, shoulder = MOMUI_LEFT_SHOULDER + side;
    double lift = a[SHRUG] + fmax(0.0, a[RAISE] - 60.0) * 0.12;
    momui_quat arm =
        momui_quat_multiply(momui_quat_multiply(about(0, 1, 0, -sign * a[AHEAD]),
                                                about(0, 0, 1, sign * (a[RAISE] - lift - 90.0))),
                            about(1, 0, 0, a[TWIST]));
    upper->joint[collar] = about(0, 0, 1, sign * lift);
    upper->joint[shoulder] = arm;
    upper->joint[MOMUI_LEFT_ELBOW + side] = about(0, 1, 0, -sign * fmin(140.0, fmax(4.0, a[BEND])));
    upper->joint[MOMUI_LEFT_WRIST + side] = momui_quat_multiply(
        about(0, 0, 1, sign * 0.06 * (a[RAISE] - 60.0)), about(0, 1, 0, -sign * 6.0));
}

static momui_quat bent(double pitch, double roll, double yaw) {
    return momui_quat_multiply(about(0, 1, 0, yaw),
                               momui_quat_multiply(about(1, 0, 0, pitch), about(0, 0, 1, -roll)));
}

static void set_pose(momui_upper *upper, const double *c) {
    static const double SHARE[3] = {0.28, 0.34, 0.38};
    for (int i = 0; i < 3; i++)
        upper->joint[MOMUI_SPINE1 + 3 * i] =
            bent(c[SPINE_PITCH] * SHARE[i], c[SPINE_ROLL] * SHARE[i], c[SPINE_TWIST] * SHARE[i]);
    upper->joint[MOMUI_NECK] = bent(c[HEAD_PITCH] * 0.45, c[HEAD_ROLL] * 0.5, c[HEAD_YAW] * 0.5);
    upper->joint[MOMUI_HEAD] = bent(c[HEAD_PITCH] * 0.55, c[HEAD_ROLL] * 0.5, c[HEAD_YAW] * 0.5);
    set_arm(upper, 0, c + LEFT_ARM);
    set_arm(upper, 1, c + RIGHT_ARM);
    upper->shift = momui_vec3_of(c[SHIFT_X] / 100.0, c[SHIFT_Y] / 100.0, c[SHIFT_Z] / 100.0);
    upper->tilt = bent(c[TILT_PITCH], c[TILT_ROLL], c[TILT_YAW]);
}

/* How far the hips are turned from where they face on the whole, degrees, for each frame. */
static double *hip_turns(const momui_segment *segment) {
    size_t frames = (size_t)segment->frames;
    double *yaw = momui_alloc(segment->memory, 2 * frames + 1, sizeof *yaw);
    if (!yaw)
        return NULL;
    double *sum = yaw + frames; /* (frames + 1): of the frames before */
    sum[0] = 0;
    for (size_t t = 0; t < frames; t++) {
        double now = momui_lower_yaw(&segment->lower[t]);
        yaw[t] = t ? yaw[t - 1] + remainder(now - yaw[t - 1], 2.0 * MOMUI_PI) : now;
        sum[t + 1] = sum[t] + yaw[t];
    }
    size_t reach = (size_t)(0.5 * MOMUI_SEGMENT_RATE);
    for (size_t t = 0; t < frames; t++) {
        size_t from = t > reach ? t - reach : 0, to = t + reach < frames ? t + reach + 1 : frames;
        double away = yaw[t] - (sum[to] - sum[from]) / (double)(to - from);
        yaw[t] = 30.0 * tanh(away * 180.0 / MOMUI_PI / 30.0);
    }
    return yaw;
}

/* The upper body counters the hips: shoulders turn against them, the spine stays upright over a hip
 * that drops, the head keeps its direction. */
static void answer(const dancer *d, const momui_lower *lower, double away, double *c) {
    momui_vec3 across = momui_quat_rotate(lower->turn, momui_vec3_of(1, 0, 0));
    double drop = asin(fmin(1.0, fmax(-1.0, across.y))) * 180.0 / MOMUI_PI;
    c[SPINE_TWIST] -= 0.75 * away;
    c[SPINE_ROLL] += 0.6 * drop;
    if (d->choice->arms == SIZE_MAX) {
        c[LEFT_ARM + AHEAD] += 1.2 * away;
        c[RIGHT_ARM + AHEAD] -= 1.2 * away;
    }
    c[HEAD_YAW] -= 0.35 * c[SPINE_TWIST];
    c[HEAD_PITCH] -= 0.55 * c[SPINE_PITCH];
    c[HEAD_ROLL] -= 0.5 * c[SPINE_ROLL];
}

static void mix_poses(momui_upper *out, const momui_upper *from, double weight) {
    for (int j = 0; j < MOMUI_BODY_JOINTS; j++)
        out->joint[j] = momui_quat_slerp(from->joint[j], out->joint[j], weight);
    out->shift = momui_vec3_mix(from->shift, out->shift, weight);
    out->tilt = momui_quat_slerp(from->tilt, out->tilt, weight);
}

static bool flows_at(const dancer *d, int channel) {
    if (channel >= LEFT_ARM)
        return d->choice->arms != SIZE_MAX && momui_arm_step(d->choice->arms)->flows;
    if (channel >= HEAD_PITCH)
        return d->choice->head == SIZE_MAX || momui_head_step(d->choice->head)->flows;
    return momui_torso_step(d->choice->torso)->flows;
}

/* Where the music is too fast for the way, the arm goes part of it. */
static void shorten_way(const dancer *d, double *key, size_t k) {
    double gap = d->counts->times[k] - d->counts->times[k - 1];
    for (int arm = LEFT_ARM; arm <= RIGHT_ARM; arm += RIGHT_ARM - LEFT_ARM) {
        const double *before = key - CHANNELS + arm;
        double way = hand_way(before, key + arm), most = HAND_SPEED * 0.9 * gap;
        for (int i = 0; way > most && i < 5; i++)
            key[arm + i] = before[i] + (key[arm + i] - before[i]) * most / way;
    }
}

/* The keys of counts 1..count, (count + 1, CHANNELS); row 0 is the first key: what comes before it
 * is the start. */
static double *make_keys(dancer *d, momui_memory *memory) {
    double *keys = momui_alloc(memory, d->counts->count + 1, CHANNELS * sizeof *keys);
    for (size_t k = 1; keys && k <= d->counts->count; k++) {
        double *key = keys + k * CHANNELS;
        make_key(d, k, key);
        if (d->counts->hold && d->counts->hold[k] && k > 1)
            memcpy(key, key - CHANNELS, CHANNELS * sizeof *key);
        if (k > 1)
            shorten_way(d, key, k);
    }
    if (keys)
        memcpy(keys, keys + CHANNELS, CHANNELS * sizeof *keys);
    return keys;
}

static void draw_phases(dancer *d) {
    for (int c = 0; c < CHANNELS; c++)
        for (int i = 0; i < 2; i++) {
            d->phase[c][i] = uniform(d->random, 0, 1);
            d->pace[c][i] = uniform(d->random, 0.12, 0.5);
        }
}

/* The way from whatever the pose was to the first key: not in a hurry. */
static double first_window(const dancer *d) {
    double gap = d->counts->times[1] - d->counts->times[0];
    return fmin(0.9 * gap, fmax(0.36, d->style->arrival * gap));
}

momu_status momui_upper_dance(const momui_upper_choice *choice, const momui_dancer_style *style,
                              const momui_counts *counts, const momui_upper *start, bool mirrored,
                              momui_random *random, momui_segment *segment, momu_error *error) {
    dancer d = {choice, style, counts, random, mirrored, {{0}}, {{0}}};
    if (counts->count < 1 || choice->torso >= momui_torso_count())
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "%zu counts of torso figure %zu; there are %zu", counts->count,
                          choice->torso, momui_torso_count());
    draw_phases(&d);
    double *keys = make_keys(&d, segment->memory), *turns = hip_turns(segment);
    if (!keys || !turns) {
        momui_free(keys);
        momui_free(turns);
        return momui_fail_memory(error, "the keys of a phrase");
    }
    size_t k = 1;
    for (int64_t t = 0; t < segment->frames; t++) {
        double time = segment->start + (double)t / MOMUI_SEGMENT_RATE, c[CHANNELS];
        if (time < counts->times[0])
            continue;
        while (k < counts->count && time > counts->times[k] + LATEST)
            k++;
        for (int i = 0; i < CHANNELS; i++) {
            const double *key = keys + k * CHANNELS + i;
            bool flows = flows_at(&d, i);
            double done =
                arrived(&d, k, time, lag_of(&d, i), window_of(&d, keys, k, i, flows), flows);
            c[i] = key[-CHANNELS] + done * (key[0] - key[-CHANNELS]) + irregular(&d, i, time);
        }
        answer(&d, &segment->lower[t], turns[t], c);
        set_pose(&segment->upper[t], c);
        if (k == 1)
            mix_poses(&segment->upper[t], start,
                      arrived(&d, 1, time, 0, first_window(&d), flows_at(&d, LEFT_ARM)));
    }
    momui_free(keys);
    momui_free(turns);
    return MOMU_OK;
}
