/* The named constants of genres and joints are those of the tables. */
#include "fixture.h"

#include "models/genres.h"
#include "motion/motion.h"

#include <ctype.h>
#include <string.h>

/* MOMU_GENRE_DRUM_AND_BASS -> "drum and bass": letters alone count, in lower case. */
static void assert_named(const char *constant, const char *prefix, const char *name) {
    const char *word = constant + strlen(prefix);
    assert_non_null(name);
    for (; *word && *name; word++, name++) {
        if (*word == '_')
            assert_true(*name == ' ' || *name == '-' || *name == '_');
        else
            assert_int_equal(tolower((unsigned char)*word), *name);
    }
    assert_true(*word == '\0' && *name == '\0');
}

typedef struct constant {
    const char *name;
    int32_t value;
} constant;

#define GENRE(name)                                                                                \
    { #name, MOMU_GENRE_##name }
#define JOINT(name)                                                                                \
    { #name, MOMU_JOINT_##name }

static void test_genres(void **state) {
    (void)state;
    static const constant all[] = {
        GENRE(HOUSE),     GENRE(TECHNO),  GENRE(HIP_HOP),   GENRE(FUNK),
        GENRE(POP),       GENRE(ROCK),    GENRE(SYNTHWAVE), GENRE(DRUM_AND_BASS),
        GENRE(REGGAETON), GENRE(CHA_CHA), GENRE(RUMBA),     GENRE(WALTZ),
        GENRE(SWING),     GENRE(BALLAD),  GENRE(MODERN),    GENRE(OTHER)};
    assert_int_equal(sizeof all / sizeof *all, MOMUI_GENRES);
    for (int32_t i = 0; i < MOMUI_GENRES; i++) {
        assert_int_equal(all[i].value, i + 1);
        assert_named(all[i].name, "", momu_genre_name(all[i].value));
    }
    assert_null(momu_genre_name(MOMU_GENRE_NONE));
    assert_null(momu_genre_name(MOMU_GENRE_DEFAULT));
    assert_null(momu_genre_name(MOMUI_GENRES + 1));
}

static void test_joints(void **state) {
    (void)state;
    static const constant all[] = {
        JOINT(PELVIS),        JOINT(LEFT_HIP),       JOINT(RIGHT_HIP),    JOINT(SPINE1),
        JOINT(LEFT_KNEE),     JOINT(RIGHT_KNEE),     JOINT(SPINE2),       JOINT(LEFT_ANKLE),
        JOINT(RIGHT_ANKLE),   JOINT(SPINE3),         JOINT(LEFT_FOOT),    JOINT(RIGHT_FOOT),
        JOINT(NECK),          JOINT(LEFT_COLLAR),    JOINT(RIGHT_COLLAR), JOINT(HEAD),
        JOINT(LEFT_SHOULDER), JOINT(RIGHT_SHOULDER), JOINT(LEFT_ELBOW),   JOINT(RIGHT_ELBOW),
        JOINT(LEFT_WRIST),    JOINT(RIGHT_WRIST)};
    assert_int_equal(sizeof all / sizeof *all, MOMU_JOINT_COUNT);
    assert_int_equal(MOMUI_BODY_JOINTS, MOMU_JOINT_COUNT);
    for (int32_t i = 0; i < MOMU_JOINT_COUNT; i++) {
        assert_int_equal(all[i].value, i);
        assert_named(all[i].name, "", momui_body_names[i]);
    }
}

/* Zero everywhere but in struct_size, for every struct; nothing for one too small. */
static void test_init(void **state) {
    (void)state;
    union {
        size_t size;
        unsigned char bytes[1024];
    } place;
#define CHECK_INIT(kind)                                                                           \
    do {                                                                                           \
        memset(&place, 0xA5, sizeof place);                                                        \
        kind##_init((kind *)(void *)&place, sizeof(kind));                                         \
        assert_int_equal(place.size, sizeof(kind));                                                \
        for (size_t i = sizeof(size_t); i < sizeof place; i++)                                     \
            assert_int_equal(place.bytes[i], i < sizeof(kind) ? 0 : 0xA5);                         \
        memset(&place, 0xA5, sizeof place);                                                        \
        kind##_init((kind *)(void *)&place, sizeof(size_t) - 1);                                   \
        assert_int_equal(place.bytes[0], 0xA5);                                                    \
        kind##_init(NULL, sizeof(kind));                                                           \
    } while (0)
    CHECK_INIT(momu_context_options);
    CHECK_INIT(momu_audio_write_options);
    CHECK_INIT(momu_motion_write_options);
    CHECK_INIT(momu_motion_description);
    CHECK_INIT(momu_model_options);
    CHECK_INIT(momu_model_info);
    CHECK_INIT(momu_generate_options);
    CHECK_INIT(momu_generate_info);
}

static void test_version(void **state) {
    (void)state;
    assert_int_equal(momu_version_number(), MOMU_VERSION_NUMBER);
    assert_int_equal(MOMU_MAKE_VERSION(1, 2, 3), 10203);
    assert_string_equal(momu_version(), MOMU_VERSION_STRING);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_genres), cmocka_unit_test(test_joints),
                                       cmocka_unit_test(test_init), cmocka_unit_test(test_version)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
