/* The parser of STEM.json: the keys that it reads, ignores and refuses. */
#include "train/datasets/annotations.h"

#include "tests/support/support.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static momu_status read_text(const char *text, momui_annotations *out, momu_error *error) {
    const char *path = scratch_path("annotations.json");
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    return momui_annotations_read(NULL, path, out, error);
}

static void a_dataset_s_file_is_read_whole(void **state) {
    (void)state;
    momui_annotations a;
    momu_error error = {0};
    assert_int_equal(
        read_text("{\"seconds\":30.5,\"tempo\":120,\"energy\":0.5,\"genre_number\":3,"
                  "\"beats\":[0.5,1,1.5],\"downbeats\":[0.5],\"beat_energy\":[0,0.5,1],"
                  "\"music\":{\"kind\":\"composed\",\"source\":\"x.sf2\",\"licence\":\"MIT\"},"
                  "\"dance\":{\"captured_share\":0.25,\"half_time_share\":0.75,\"phrases\":["
                  "{\"first_beat\":0,\"beats\":2,\"lower\":\"a\",\"captured_lower\":true,"
                  "\"captured_upper\":false,\"half_time\":true}]},"
                  "\"measured\":{\"hits\":2,\"kinematic_beats\":4,\"chance\":0.3,\"skate\":1.5}}",
                  &a, &error),
        MOMU_OK);
    assert_true(a.seconds == 30.5 && a.tempo == 120 && a.energy == 0.5 && a.genre == 3);
    assert_int_equal(a.beat_count, 3);
    assert_true(a.beats[2] == 1.5 && a.beat_energy[1] == 0.5f);
    assert_int_equal(a.downbeat_count, 1);
    assert_true(a.downbeats[0] == 0.5);
    assert_true(a.music_whole && a.dance_whole && a.measured_whole);
    assert_string_equal(a.music_source, "x.sf2");
    assert_string_equal(a.music_licence, "MIT");
    assert_true(a.mocap_share == 0.25 && a.half_time_share == 0.75);
    assert_int_equal(a.phrase_count, 1);
    assert_true(a.phrases[0].mocap_lower && !a.phrases[0].mocap_upper && a.phrases[0].half_time);
    assert_true(a.hits == 2 && a.kinematic_beats == 4 && a.chance == 0.3 && a.skate == 1.5);
    momui_annotations_release(&a);
}

static void other_keys_are_the_annotator_s_own(void **state) {
    (void)state;
    momui_annotations a;
    assert_int_equal(
        read_text("{\"music\":\"a waltz\",\"dance\":[1],\"measured\":null,\"x\":{}}", &a, NULL),
        MOMU_OK);
    assert_false(a.music_whole || a.dance_whole || a.measured_whole);
    assert_true(a.tempo == 0 && a.beat_count == 0 && a.beats == NULL);
    momui_annotations_release(&a);
    assert_int_equal(read_text("{\"music\":{\"kind\":\"live\"},\"dance\":{\"style\":\"salsa\"},"
                               "\"measured\":{\"hits\":1}}",
                               &a, NULL),
                     MOMU_OK);
    assert_false(a.music_whole || a.dance_whole || a.measured_whole);
    assert_int_equal(a.phrase_count, 0);
    momui_annotations_release(&a);
}

static void what_is_out_of_range_is_refused_by_its_key(void **state) {
    (void)state;
    static const struct {
        const char *text, *key;
    } BAD[] = {
        {"[]", "object"},
        {"{\"tempo\":-1}", "tempo"},
        {"{\"energy\":2}", "energy"},
        {"{\"genre_number\":17}", "genre_number"},
        {"{\"seconds\":1e9}", "seconds"},
        {"{\"beats\":3}", "beats"},
        {"{\"beats\":[1,1]}", "beats"},
        {"{\"downbeats\":[2,1]}", "downbeats"},
        {"{\"beats\":[1,2],\"beat_energy\":[0.5]}", "beat_energy"},
        {"{\"beats\":[1,2],\"beat_energy\":[0.5,7]}", "beat_energy"},
        {"{\"dance\":{\"captured_share\":2}}", "captured_share"},
        {"{\"dance\":{\"phrases\":[{}]}}", "first_beat"},
        {"{\"measured\":{\"chance\":2}}", "chance"},
    };
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        momui_annotations a;
        momu_error error = {0};
        assert_int_equal(read_text(BAD[i].text, &a, &error), MOMU_ERROR_FORMAT);
        if (!strstr(error.message, BAD[i].key) ||
            !strstr(error.message, scratch_path("annotations.json")))
            fail_msg("%s: \"%s\"", BAD[i].text, error.message);
        assert_null(a.beats);
        assert_null(a.phrases);
    }
}

static void a_missing_file_is_not_found(void **state) {
    (void)state;
    momui_annotations a;
    assert_int_equal(momui_annotations_read(NULL, "/nonexistent/x.json", &a, NULL),
                     MOMU_ERROR_NOT_FOUND);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_dataset_s_file_is_read_whole),
        cmocka_unit_test(other_keys_are_the_annotator_s_own),
        cmocka_unit_test(what_is_out_of_range_is_refused_by_its_key),
        cmocka_unit_test(a_missing_file_is_not_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
