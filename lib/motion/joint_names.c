/* Joint names of other programs: a name -> side, letters and number -> a table of plain names ->
 * the role of the joint; the spine by its place in the skeleton. */
#include "motion/joint_names.h"
#include <string.h>

/* A parsed name: its letters in lower case without prefix, side and separators, and its number. */
typedef struct plain_name {
    char text[64];
    int side;   /* 0 none, 1 left, 2 right */
    int number; /* -1 none */
} plain_name;

/* ---- parsing names ---- */

static bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}

static bool is_lower(char c) {
    return c >= 'a' && c <= 'z';
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static const char *const noise_words[] = {
    "mixamorig", "def", "org", "mch", "bip",  "ccbase", "character",  "jnt",    "joint",
    "skeleton",  "m",   "avg", "rig", "bone", "smpl",   "valvebiped", "rokoko", "newton"};

static bool is_noise(const char *word) {
    for (size_t i = 0; i < sizeof noise_words / sizeof *noise_words; ++i)
        if (strcmp(word, noise_words[i]) == 0)
            return true;
    return false;
}

static int side_of_word(const char *word) {
    if (strcmp(word, "left") == 0 || strcmp(word, "l") == 0)
        return 1;
    if (strcmp(word, "right") == 0 || strcmp(word, "r") == 0)
        return 2;
    return 0;
}

static void add_word(plain_name *plain, const char *word) {
    int side = side_of_word(word);
    if (side)
        plain->side = side;
    else if (!is_noise(word) && strlen(plain->text) + strlen(word) < sizeof plain->text)
        strcat(plain->text, word);
}

/* "leftupleg" -> left, "upleg"; "armright" -> right, "arm". */
static void side_inside(plain_name *plain) {
    static const char *const sides[2] = {"left", "right"};
    size_t length = strlen(plain->text);
    for (int s = 0; s < 2 && !plain->side; ++s) {
        size_t n = strlen(sides[s]);
        if (length <= n)
            continue;
        if (strncmp(plain->text, sides[s], n) == 0) {
            memmove(plain->text, plain->text + n, length - n + 1);
            plain->side = s + 1;
        } else if (strcmp(plain->text + length - n, sides[s]) == 0) {
            plain->text[length - n] = '\0';
            plain->side = s + 1;
        }
    }
}

/* Words end at separators, at digits, before a capital that follows a small letter (leftArm), and
 * before the last capital of several that a small letter follows (LHip). */
static void parse_name(const char *name, plain_name *plain) {
    const char *colon = strrchr(name, ':');
    if (colon && colon[1])
        name = colon + 1;
    memset(plain, 0, sizeof *plain);
    plain->number = -1;
    char word[64];
    size_t used = 0;
    for (const char *c = name; *c; ++c) {
        bool letter = is_upper(*c) || is_lower(*c);
        bool starts =
            c > name && is_upper(*c) && (is_lower(c[-1]) || (is_upper(c[-1]) && is_lower(c[1])));
        if ((!letter || starts) && used) {
            word[used] = '\0';
            add_word(plain, word);
            used = 0;
        }
        if (letter && used + 1 < sizeof word)
            word[used++] = (char)(is_upper(*c) ? *c - 'A' + 'a' : *c);
        if (is_digit(*c)) {
            bool goes_on = c > name && is_digit(c[-1]) && plain->number >= 0;
            plain->number = (goes_on && plain->number < 1000 ? plain->number * 10 : 0) + (*c - '0');
        }
    }
    word[used] = '\0';
    if (used)
        add_word(plain, word);
    side_inside(plain);
}

/* ---- the table ---- */

/* For each role the plain names that mean it, the most specific first. A joint that an earlier
 * line has taken is skipped, so "LeftShoulder" is the shoulder where no "LeftArm" exists, else
 * the collar, and "LeftFoot" the ankle where no "LeftAnkle" exists. The side is in the role. */
typedef struct role_names {
    int left, right; /* roles; equal where there is no side */
    const char *names[16];
} role_names;

static const role_names table[] = {
    {MOMUI_PELVIS,
     MOMUI_PELVIS,
     {"pelvis", "hips", "hip", "midhip", "root", "cog", "lowertorso", ""}},
    {MOMUI_LEFT_HIP,
     MOMUI_RIGHT_HIP,
     {"upleg", "upperleg", "thigh", "femur", "hip", "legupper", "hipjoint", "hipsocket"}},
    {MOMUI_LEFT_KNEE,
     MOMUI_RIGHT_KNEE,
     {"knee", "calf", "shin", "lowerleg", "lowleg", "leglower", "tibia", "leg"}},
    {MOMUI_LEFT_ANKLE, MOMUI_RIGHT_ANKLE, {"ankle", "foot"}},
    {MOMUI_LEFT_FOOT,
     MOMUI_RIGHT_FOOT,
     {"foot", "toebase", "ball", "toe", "toes", "bigtoe", "football", "forefoot"}},
    {MOMUI_ROLE_LEFT_TOE_END,
     MOMUI_ROLE_RIGHT_TOE_END,
     {"toeend", "toebaseend", "toetip", "toesend", "toeleaf", "ballleaf", "footend", "tiptoe",
      "toenub"}},
    {MOMUI_LEFT_SHOULDER,
     MOMUI_RIGHT_SHOULDER,
     {"upperarm", "uparm", "arm", "humerus", "armupper", "shoulder"}},
    {MOMUI_LEFT_COLLAR,
     MOMUI_RIGHT_COLLAR,
     {"collar", "clavicle", "collarbone", "innershoulder", "shoulder", "shoulderblade"}},
    {MOMUI_LEFT_ELBOW,
     MOMUI_RIGHT_ELBOW,
     {"elbow", "forearm", "lowerarm", "lowarm", "armlower", "foretwist"}},
    {MOMUI_LEFT_WRIST, MOMUI_RIGHT_WRIST, {"wrist", "hand"}},
    {MOMUI_ROLE_LEFT_HAND_END,
     MOMUI_ROLE_RIGHT_HAND_END,
     {"handmiddle", "middle", "fmiddle", "handindex", "index", "findex", "hand", "handend",
      "fingers", "finger", "knuckle", "middleproximal"}},
    {MOMUI_HEAD, MOMUI_HEAD, {"head", "skull"}},
    {MOMUI_ROLE_HEAD_END,
     MOMUI_ROLE_HEAD_END,
     {"headend", "headtop", "headtopend", "headleaf", "headnub", "topofhead", "headsite",
      "headtip"}},
    {MOMUI_ROLE_NOSE, MOMUI_ROLE_NOSE, {"nose"}},
    {MOMUI_ROLE_LEFT_EYE, MOMUI_ROLE_RIGHT_EYE, {"eye"}},
    {MOMUI_ROLE_LEFT_EAR, MOMUI_ROLE_RIGHT_EAR, {"ear"}},
};

/* The first unused joint with this plain name and side, those of the smallest number first. */
static int32_t find_plain(const plain_name *plain, int32_t joints, const bool *used,
                          const char *text, int side) {
    int32_t best = -1;
    for (int32_t j = 0; j < joints; ++j) {
        if (used[j] || plain[j].side != side || strcmp(plain[j].text, text) != 0)
            continue;
        if (best < 0 || plain[j].number < plain[best].number)
            best = j;
    }
    /* lSHOULDER, rknee: the side as a first letter without a separator */
    char other[66] = {side == 1 ? 'l' : 'r'};
    strcat(other, text);
    for (int32_t j = 0; side && best < 0 && j < joints; ++j)
        if (!used[j] && plain[j].side == 0 && strcmp(plain[j].text, other) == 0)
            best = j;
    return best;
}

static void find_role(const plain_name *plain, int32_t joints, bool *used, const role_names *row,
                      int role, int side, momui_joint_map *map) {
    for (int n = 0; n < 16 && row->names[n] && row->names[n][0] && map->role[role] < 0; ++n) {
        int32_t found = find_plain(plain, joints, used, row->names[n], side);
        if (found < 0)
            continue;
        map->role[role] = found;
        used[found] = true;
    }
}

/* ---- the spine, by its place in the skeleton more than by its names ---- */

static bool is_spine_name(const plain_name *plain) {
    static const char *const names[] = {"spine",      "lowerback",  "back",       "chest",
                                        "upperchest", "abdomen",    "torso",      "upperback",
                                        "thorax",     "waist",      "lowerspine", "midspine",
                                        "upperspine", "uppertorso", "sternum",    "middleback"};
    for (size_t i = 0; i < sizeof names / sizeof *names; ++i)
        if (plain->side == 0 && strcmp(plain->text, names[i]) == 0)
            return true;
    return false;
}

static bool is_above(const momui_skeleton *skeleton, int32_t joint, int32_t ancestor) {
    while (joint >= 0 && joint != ancestor)
        joint = skeleton->parents[joint];
    return joint == ancestor;
}

/* Rigify numbers its spine: spine, .001 ... .003, then .004 (neck) and .006 (head). Without a
 * joint called head, the last of the spine is the head, and the one that carries the arms is the
 * chest. */
static void name_rigify(const momui_skeleton *skeleton, const plain_name *plain, bool *used,
                        momui_joint_map *map) {
    int32_t arm = map->role[MOMUI_LEFT_COLLAR] >= 0 ? map->role[MOMUI_LEFT_COLLAR]
                                                    : map->role[MOMUI_LEFT_SHOULDER];
    int32_t chest = arm >= 0 ? skeleton->parents[arm] : -1, last = -1, first = -1;
    for (int32_t j = 0; chest >= 0 && j < skeleton->joints; ++j)
        if (j != chest && !used[j] && is_spine_name(&plain[j]) && is_above(skeleton, j, chest)) {
            first = first < 0 ? j : first;
            last = j;
        }
    if (last < 0)
        return;
    if (map->role[MOMUI_HEAD] < 0) {
        map->role[MOMUI_HEAD] = last;
        used[last] = true;
    }
    if (map->role[MOMUI_NECK] < 0 && first != last) {
        map->role[MOMUI_NECK] = first;
        used[first] = true;
    }
}

/* The neck: the lowest joint so called that is not simply a copy of its parent's place (CMU has
 * such). */
static void find_neck(const momui_skeleton *skeleton, const plain_name *plain, bool *used,
                      momui_joint_map *map) {
    int32_t best = -1;
    for (int32_t j = 0; j < skeleton->joints; ++j) {
        if (used[j] || plain[j].side != 0 ||
            (strcmp(plain[j].text, "neck") != 0 && strcmp(plain[j].text, "neckbase") != 0))
            continue;
        used[j] = true;
        const float *o = skeleton->offsets + 3 * j;
        bool copy = skeleton->parents[j] >= 0 && o[0] == 0.0f && o[1] == 0.0f && o[2] == 0.0f;
        const float *b = best >= 0 ? skeleton->offsets + 3 * best : o;
        bool best_copy = best >= 0 && skeleton->parents[best] >= 0 && b[0] == 0.0f &&
                         b[1] == 0.0f && b[2] == 0.0f;
        if (best < 0 || (best_copy && !copy))
            best = j;
    }
    map->role[MOMUI_NECK] = best;
}

/* The rank of a spine joint: its depth below the pelvis, or its number where there are no
 * parents (keypoints). */
static int spine_rank(const momui_skeleton *skeleton, const plain_name *plain, int32_t joint) {
    int depth = 0;
    for (int32_t j = joint; j >= 0; j = skeleton->parents[j])
        ++depth;
    return depth * 1000 + (plain[joint].number > 0 ? plain[joint].number : 0);
}

static void find_spine(const momui_skeleton *skeleton, const plain_name *plain, bool *used,
                       momui_joint_map *map) {
    for (int32_t j = 0; j < skeleton->joints && map->spine_count < MOMUI_MAX_SPINE; ++j) {
        if (used[j] || !is_spine_name(&plain[j]))
            continue;
        used[j] = true;
        int at = map->spine_count++;
        while (at > 0 &&
               spine_rank(skeleton, plain, map->spine[at - 1]) > spine_rank(skeleton, plain, j)) {
            map->spine[at] = map->spine[at - 1];
            --at;
        }
        map->spine[at] = j;
    }
    /* Rigify's first spine bone is the pelvis */
    if (map->role[MOMUI_PELVIS] < 0 && map->spine_count > 0 && map->role[MOMUI_LEFT_HIP] >= 0 &&
        is_above(skeleton, map->role[MOMUI_LEFT_HIP], map->spine[0]) &&
        skeleton->parents[map->role[MOMUI_LEFT_HIP]] >= 0) {
        map->role[MOMUI_PELVIS] = map->spine[0];
        --map->spine_count;
        memmove(map->spine, map->spine + 1, (size_t)map->spine_count * sizeof *map->spine);
    }
    int n = map->spine_count;
    if (n >= 1)
        map->role[MOMUI_SPINE3] = map->spine[n - 1];
    if (n >= 2)
        map->role[MOMUI_SPINE1] = map->spine[0];
    if (n >= 3)
        map->role[MOMUI_SPINE2] = map->spine[n == 3 ? 1 : (n - 1) / 2];
}

void momui_map_joints(const momui_skeleton *skeleton, momui_joint_map *map) {
    plain_name plain[MOMUI_MAX_JOINTS];
    bool used[MOMUI_MAX_JOINTS] = {false};
    int32_t joints = skeleton->joints < MOMUI_MAX_JOINTS ? skeleton->joints : MOMUI_MAX_JOINTS;
    memset(map, 0, sizeof *map);
    for (int r = 0; r < MOMUI_ROLES; ++r)
        map->role[r] = -1;
    for (int32_t j = 0; j < joints; ++j)
        parse_name(skeleton->names[j], &plain[j]);
    for (size_t i = 0; i < sizeof table / sizeof *table; ++i) {
        bool sided = table[i].left != table[i].right;
        find_role(plain, joints, used, &table[i], table[i].left, sided ? 1 : 0, map);
        if (sided)
            find_role(plain, joints, used, &table[i], table[i].right, 2, map);
    }
    find_neck(skeleton, plain, used, map);
    if (map->role[MOMUI_HEAD] < 0 || map->role[MOMUI_NECK] < 0)
        name_rigify(skeleton, plain, used, map);
    find_spine(skeleton, plain, used, map);
}

const char *momui_role_name(int role) {
    static const char *const extra[] = {
        "head_end", "left_toe_end", "right_toe_end", "left_hand_end", "right_hand_end",
        "nose",     "left_eye",     "right_eye",     "left_ear",      "right_ear"};
    if (role >= 0 && role < MOMUI_BODY_JOINTS)
        return momui_body_names[role];
    return role >= MOMUI_BODY_JOINTS && role < MOMUI_ROLES ? extra[role - MOMUI_BODY_JOINTS]
                                                           : "none";
}
