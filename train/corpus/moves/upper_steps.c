/* The dance figures of torso, arms and head. */
#include "train/corpus/moves/upper.h"

static const momui_arm_pose ARMS[] = {
    {'h', 12, 15, 0, 24, 0},     /* hangs */
    {'f', 34, 78, -10, 42, 0},   /* swung ahead */
    {'b', 30, -62, 0, 26, 0},    /* swung back */
    {'l', 46, 5, 0, 30, 0},      /* low at the side */
    {'s', 88, 8, -12, 14, 3},    /* out at the side */
    {'d', 132, 12, -25, 14, 8},  /* high and out */
    {'u', 166, 25, -30, 16, 12}, /* up */
    {'F', 82, 78, -45, 14, 2},   /* ahead */
    {'p', 84, 84, -20, 6, 4},    /* a punch ahead */
    {'r', 24, 40, -8, 96, 0},    /* guard: elbows at the ribs, forearms ahead */
    {'g', 86, 8, -85, 88, 4},    /* upper arm out, forearm up */
    {'c', 52, 62, 25, 118, 2},   /* hand at the chest */
    {'k', 44, -22, 62, 96, 0},   /* hand on the hip */
    {'x', 42, 108, 0, 30, 0},    /* low across */
    {'X', 78, 112, -10, 42, 2},  /* across the chest */
    {'C', 47, 71, -22, 62, 0},   /* palms meet before the chest */
    {'O', 152, 60, -42, 52, 10}, /* palms meet above the head */
    {'w', 128, 14, -62, 56, 8},  /* waving, out */
    {'v', 150, 42, -68, 66, 10}, /* waving, in */
    {'a', 66, -8, 48, 112, 5},   /* a wing */
    {'o', 44, 66, -8, 84, 0},    /* rolling, outer */
    {'q', 34, 72, 10, 104, 0},   /* rolling, inner */
    {'y', 38, 100, -6, 18, -2},  /* pointing down across */
    {'z', 138, -6, -20, 6, 8},   /* pointing up and out */
    {'m', 80, 24, -40, 62, 2},   /* holding a partner's hand */
    {'n', 62, 62, -18, 78, 0},   /* around a partner */
    {'e', 128, 26, -46, 128, 8}, /* hand at the ear */
    {'t', 34, 22, -30, 84, 2},   /* forearm out, elbow in */
};

static const momui_torso_pose TORSO[] = {
    {'.', 0, 0, 0, 0, 0, 0, 0, 0, 0},         {'d', 8, 0, 0, 0, -5.5f, 0, 4, 0, 0},
    {'u', -2, 0, 0, 0, 0, 0, -2, 0, 0},       {'l', 3, 13, 0, 2.5f, -1, 0, 0, 4, 0},
    {'r', 3, -13, 0, -2.5f, -1, 0, 0, -4, 0}, {'L', 2, -7, 6, 5.5f, -2, 0, 0, -6, 5},
    {'R', 2, 7, -6, -5.5f, -2, 0, 0, 6, -5},  {'t', 4, 0, 24, 0, -1.5f, 0, 0, 0, 10},
    {'T', 4, 0, -24, 0, -1.5f, 0, 0, 0, -10}, {'p', -15, 0, 0, 0, 0, 2, 5, 0, 0},
    {'c', 24, 0, 0, 0, -3.5f, -2, -9, 0, 0},  {'f', 26, 0, 0, 0, -4, -2, 12, 0, 0},
    {'b', -11, 0, 0, 0, -1, 2, -8, 0, 0},     {'h', 2, 9, 3, 5.5f, -1, 0, 0, -9, 6},
    {'H', 2, -9, -3, -5.5f, -1, 0, 0, 9, -6}, {'1', -4, 0, 0, 0, -2, 4.5f, -10, 0, 0},
    {'2', 0, 8, 0, 5, -2, 0, 0, -8, 4},       {'3', 8, 0, 0, 0, -2, -4.5f, 10, 0, 0},
    {'4', 0, -8, 0, -5, -2, 0, 0, 8, -4},     {'w', 12, 8, 12, 1, -3, 0, 2, 0, 4},
    {'W', 12, -8, -12, -1, -3, 0, 2, 0, -4},
};

static const momui_head_pose HEAD[] = {
    {'.', 0, 0, 0},  {'d', 15, 0, 0},  {'u', -7, 0, 0},  {'l', 2, 0, 34},    {'r', 2, 0, -34},
    {'t', 3, 14, 0}, {'T', 3, -14, 0}, {'L', -6, 6, 20}, {'R', -6, -6, -20},
};

/* genres, as bits: house 1, techno 2, hip-hop 3, funk 4, pop 5, rock 6, synthwave 7, drum and bass
 * 8, reggaeton 9, cha-cha 10, rumba 11, waltz 12, swing 13, ballad 14, modern 15 */
#define G(n) (1u << ((n)-1))
#define CLUB (G(1) | G(2) | G(5) | G(7) | G(8) | G(16))
#define STREET (G(3) | G(4) | G(8) | G(9) | G(5))
#define LATIN (G(9) | G(10) | G(11))
#define BALL (G(10) | G(11) | G(12))
#define CALM (G(11) | G(12) | G(14) | G(15))

static const momui_arms_pattern ARM_FIGURES[] = {
    {{"arm swing", 2, 0, 0, 0.8f, 0, false, false, false}, "fb", "bf", false},
    {{"swing both", 2, 0, 0.1f, 0.8f, 0, false, false, false}, "fb", "fb", false},
    {{"raise both", 4, 0, 0.4f, 1, CLUB | G(14) | G(15), false, false, false},
     "lsus",
     "lsus",
     false},
    {{"raise alternately", 4, 0, 0.6f, 1, CLUB | G(6) | G(8), false, false, false},
     "usls",
     "lsus",
     false},
    {{"wave overhead", 2, 0, 0.6f, 1, CLUB | G(6), false, false, false}, "wv", "vw", false},
    {{"wave one arm", 2, 0, 0.4f, 0.9f, CLUB | G(9), false, false, false}, "wv", "kk", false},
    {{"punch ahead", 2, 0, 0.6f, 1, G(2) | G(3) | G(6) | G(8), false, false, false},
     "pr",
     "rp",
     false},
    {{"punch up", 2, 0, 0.65f, 1, G(1) | G(2) | G(6) | G(8) | G(5), false, false, false},
     "ug",
     "gu",
     false},
    {{"pump one fist", 2, 0, 0.5f, 1, CLUB | G(6), false, false, false}, "ug", "rr", false},
    {{"clap", 2, 4, 0.3f, 1, 0, false, false, false}, "lC", "lC", true},
    {{"clap overhead", 2, 4, 0.6f, 1, CLUB | G(6) | G(9), false, false, false}, "sO", "sO", true},
    {{"ballroom frame", 4, 0, 0, 0.8f, BALL | G(13), false, false, false}, "mmms", "nnnt", false},
    {{"latin arms", 2, 0, 0.2f, 0.9f, LATIN, false, false, false}, "tc", "ct", false},
    {{"latin open", 4, 0, 0.2f, 1, LATIN | G(4), false, false, false}, "cstc", "sccs", false},
    {{"charleston swing", 2, 4, 0.3f, 1, G(13) | G(4), false, false, false}, "ft", "tf", false},
    {{"big circles", 4, 0, 0.3f, 1, CALM | G(1) | G(7), false, false, true}, "lsud", "lsud", false},
    {{"rolling", 2, 0, 0.3f, 0.9f, STREET | G(1), false, false, false}, "oq", "qo", false},
    {{"disco point", 2, 4, 0.5f, 1, G(1) | G(4) | G(5) | G(7), false, false, false},
     "zs",
     "kk",
     false},
    {{"isolation", 4, 4, 0.3f, 0.9f, G(2) | G(3) | G(7) | G(8), false, false, false},
     "grsr",
     "rgrs",
     false},
    {{"bounce arms", 2, 0, 0.2f, 0.9f, STREET, false, false, false}, "rl", "rl", false},
    {{"reach and pull", 2, 0, 0.4f, 1, STREET | G(6) | G(2), false, false, false},
     "Fr",
     "Fr",
     false},
    {{"cross and open", 2, 0, 0.4f, 1, STREET | G(1) | G(5) | G(15), false, false, false},
     "Xs",
     "Xs",
     false},
    {{"push", 2, 0, 0.3f, 0.9f, CLUB | STREET, false, false, false}, "rF", "rF", false},
    {{"wings", 2, 4, 0.3f, 0.9f, G(4) | G(13) | G(3), false, false, false}, "al", "al", false},
    {{"windmill", 4, 0, 0.6f, 1, G(2) | G(6) | G(8), false, false, false}, "uslb", "lbus", false},
    {{"port de bras", 4, 0, 0, 0.6f, CALM, false, false, true}, "lsus", "lsus", false},
    {{"port de bras, one arm", 4, 0, 0, 0.6f, CALM, false, false, true}, "lsuF", "llsl", false},
    {{"hands on hips", 4, 0, 0.1f, 0.7f, LATIN | G(5) | G(13), false, false, false},
     "kkkl",
     "kklk",
     false},
    {{"snaps", 2, 4, 0.1f, 0.7f, G(4) | G(13) | G(5) | G(3), false, false, false},
     "tr",
     "rt",
     false},
    {{"jack arms", 4, 4, 0.5f, 1, G(1) | G(2) | G(8), false, false, false}, "rsgs", "rsgs", false},
    {{"strum", 2, 4, 0.5f, 1, G(6), false, false, false}, "mm", "cy", false},
    {{"conductor", 4, 0, 0.2f, 0.8f, CALM | G(7), false, false, false}, "rsts", "srst", false},
    {{"brush the shoulder", 4, 4, 0.2f, 0.8f, STREET, false, false, false}, "cxcl", "lllr", false},
    {{"vogue", 4, 4, 0.4f, 1, G(1) | G(5) | G(7), false, false, false}, "gesk", "kOeg", false},
    {{"reach up and over", 4, 0, 0.2f, 0.8f, CALM | G(5), false, false, false},
     "uXls",
     "lslX",
     false},
    {{"hand to ear", 4, 4, 0.3f, 0.9f, G(1) | G(3) | G(5), false, false, false},
     "etet",
     "ltlt",
     false},
};

static const momui_text_pattern TORSO_FIGURES[] = {
    {{"still", 1, 0, 0, 0.6f, 0, false, false, true}, "."},
    {{"bounce", 2, 0, 0.2f, 1, 0, false, false, false}, "du"},
    {{"groove", 2, 0, 0.2f, 0.9f, STREET | CLUB, false, false, false}, "wW"},
    {{"sway", 2, 0, 0, 0.8f, 0, false, false, false}, "LR"},
    {{"lean", 2, 0, 0.1f, 0.8f, 0, false, false, false}, "lr"},
    {{"twist", 2, 0, 0.3f, 1, 0, false, false, false}, "tT"},
    {{"chest pop", 2, 4, 0.3f, 1, STREET | G(2), false, false, false}, "cp"},
    {{"contraction", 4, 0, 0.1f, 0.8f, STREET | G(14) | G(15), false, false, false}, "cu.u"},
    {{"body wave", 4, 4, 0.2f, 0.9f, STREET | LATIN | G(1), false, false, false}, "fcpb"},
    {{"hip sway", 2, 0, 0.1f, 0.9f, LATIN | G(4) | G(5) | G(1), false, false, false}, "hH"},
    {{"hip circle", 4, 4, 0.1f, 0.9f, LATIN | G(4), false, false, false}, "1234"},
    {{"figure eight", 4, 4, 0.1f, 0.8f, LATIN, false, false, false}, "hHhH"},
    {{"rock", 2, 0, 0.3f, 1, G(3) | G(6) | G(9) | G(13), false, false, false}, "fb"},
    {{"down and around", 4, 0, 0.3f, 1, STREET | CLUB, false, false, false}, "dtdT"},
    {{"slow lean", 4, 0, 0, 0.5f, CALM, false, false, true}, "l.r."},
    {{"slow breath", 4, 0, 0, 0.5f, CALM, false, false, true}, "c.p."},
    {{"side dip", 4, 0, 0.2f, 0.9f, G(13) | G(12) | G(1) | G(5), false, false, false}, "ldrd"},
};

static const momui_text_pattern HEAD_FIGURES[] = {
    {{"quiet", 1, 0, 0, 1, 0, false, false, true}, "."},
    {{"nod", 2, 0, 0.2f, 1, STREET | CLUB | G(6), false, false, false}, "du"},
    {{"look around", 4, 0, 0, 0.8f, 0, false, false, false}, "l.r."},
    {{"tilt", 2, 0, 0, 0.8f, 0, false, false, false}, "tT"},
    {{"look along", 4, 0, 0.1f, 1, LATIN | CALM | G(12), false, false, false}, "LLRR"},
    {{"bob", 2, 0, 0.2f, 0.9f, STREET | G(4), false, false, false}, "d."},
};

#define COUNT(table) (sizeof(table) / sizeof *(table))

size_t momui_arms_count(void) {
    return COUNT(ARM_FIGURES);
}
const momui_dance_figure *momui_arm_step(size_t index) {
    return &ARM_FIGURES[index].figure;
}
size_t momui_torso_count(void) {
    return COUNT(TORSO_FIGURES);
}
const momui_dance_figure *momui_torso_step(size_t index) {
    return &TORSO_FIGURES[index].figure;
}
size_t momui_head_count(void) {
    return COUNT(HEAD_FIGURES);
}
const momui_dance_figure *momui_head_step(size_t index) {
    return &HEAD_FIGURES[index].figure;
}
const momui_arms_pattern *momui_arms_pattern_at(size_t index) {
    return &ARM_FIGURES[index];
}
const momui_text_pattern *momui_torso_pattern_at(size_t index) {
    return &TORSO_FIGURES[index];
}
const momui_text_pattern *momui_head_pattern_at(size_t index) {
    return &HEAD_FIGURES[index];
}

const momui_arm_pose *momui_arm_pose_of(char letter) {
    for (size_t i = 0; i < COUNT(ARMS); i++)
        if (ARMS[i].letter == letter)
            return &ARMS[i];
    return &ARMS[0];
}

const momui_torso_pose *momui_torso_pose_of(char letter) {
    for (size_t i = 0; i < COUNT(TORSO); i++)
        if (TORSO[i].letter == letter)
            return &TORSO[i];
    return &TORSO[0];
}

const momui_head_pose *momui_head_pose_of(char letter) {
    for (size_t i = 0; i < COUNT(HEAD); i++)
        if (HEAD[i].letter == letter)
            return &HEAD[i];
    return &HEAD[0];
}
