/* train/datasets/dataset_list.c: which files of a folder make a pair. */
#include "tests/support/support.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "train/datasets/dataset.h"

static void test_extensions(void **state) {
    (void)state;
    static const char *const FILES[] = {"a.ogg", "a.wav",  "a.flac", "a.glb",           "a.npz",
                                        "a.bvh", "a.json", "b.wav",  "b.original.flac", "b.glb",
                                        "b.bvh", "c.npy",  "c.txt",  "c.mp3",           "d.FLAC",
                                        "d.npz", "e.json", "noname", ".flac",           "f.x.ogg"};
    enum { COUNT = sizeof FILES / sizeof *FILES };
    for (int i = 0; i < COUNT; i++) {
        FILE *file = fopen(scratch_path(FILES[i]), "w");
        assert_non_null(file);
        fclose(file);
    }
    static const struct {
        const char *stem, *music, *motion;
        bool annotations;
    } EXPECTED[] = {{"a", ".flac", ".npz", true},
                    {"b", ".wav", ".bvh", false},
                    {"d", NULL, ".npz", false},
                    {"e", NULL, NULL, true},
                    {"f.x", ".ogg", NULL, false}};
    momui_listing list;
    momu_error error = {0};
    assert_int_equal(momui_list_pairs(NULL, scratch_folder(), &list, &error), MOMU_OK);
    assert_int_equal(list.count, 5);
    for (size_t i = 0; i < list.count; i++) {
        const momui_listed *found = &list.items[i];
        assert_string_equal(found->stem, EXPECTED[i].stem);
        assert_string_equal(found->music ? found->music : "",
                            EXPECTED[i].music ? EXPECTED[i].music : "");
        assert_string_equal(found->motion ? found->motion : "",
                            EXPECTED[i].motion ? EXPECTED[i].motion : "");
        assert_int_equal(found->annotations, EXPECTED[i].annotations);
    }
    momui_listing_release(&list);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_extensions)};
    return cmocka_run_group_tests_name("dataset_list", tests, NULL, NULL);
}
