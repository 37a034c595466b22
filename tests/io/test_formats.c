/* io/formats: the table's rows are told apart by name, extension and content, and each has what its
 * kind needs. */
#include "io_support.h"

#include "io/formats.h"

static void test_rows_are_complete(void **state) {
    (void)state;
    const momui_format *f;
    size_t kinds[MOMUI_FILE_KINDS] = {0};
    for (size_t i = 0; (f = momui_format_at(i)); i++) {
        kinds[f->kind]++;
        assert_true(f->extension[0] == '.' && f->name[0] && f->matches && f->signature);
        bool reads_motion = f->read_motion || f->read_take;
        assert_true((f->kind == MOMUI_FILE_SOUND) == (f->read_sound != NULL));
        assert_true((f->kind == MOMUI_FILE_MOTION) == reads_motion);
        assert_true(!f->write_sound || f->kind == MOMUI_FILE_SOUND);
        assert_true((f->write_motion != NULL) == (f->targets != 0));
        assert_true((f->list_takes != NULL) == (f->read_take != NULL));
        for (size_t j = 0; j < i; j++) {
            const momui_format *other = momui_format_at(j);
            assert_string_not_equal(f->name, other->name);
            assert_string_not_equal(f->extension, other->extension);
            assert_true(f->kind != other->kind || f->rank != other->rank);
        }
    }
    for (int kind = 0; kind < MOMUI_FILE_KINDS; kind++)
        assert_true(kinds[kind] > 0);
}

static void test_rows_are_found_by_path(void **state) {
    (void)state;
    const momui_format *f;
    for (size_t i = 0; (f = momui_format_at(i)); i++) {
        char path[64];
        assert_ptr_equal(momui_format_named(f->name, f->kind), f);
        snprintf(path, sizeof path, "a.folder/b.bvh%s", f->extension);
        assert_ptr_equal(momui_format_of_path(path, f->kind), f);
    }
    assert_string_equal(momui_format_of_path("A.WaV", MOMUI_FILE_SOUND)->name, "wav");
    assert_null(momui_format_of_path("a.wav", MOMUI_FILE_MOTION));
    assert_null(momui_format_of_path("a.wav/b", MOMUI_FILE_SOUND));
    assert_null(momui_format_of_path("a.wavy", MOMUI_FILE_SOUND));
    assert_null(momui_format_of_path("awav", MOMUI_FILE_SOUND));
    assert_null(momui_format_named("", MOMUI_FILE_SOUND));
    assert_string_equal(momui_extension("a.b/c"), "");
    assert_string_equal(momui_extension("a.b/c.d.Glb"), ".Glb");
}

static void assert_content(const char *data, size_t size, momui_file_kind kind, const char *name) {
    char exact[32]; /* nothing behind the signature */
    momui_bytes bytes;
    memcpy(exact, data, size);
    memset(exact + size, 'x', sizeof exact - size);
    momui_bytes_from_memory(exact, size, &bytes);
    const momui_format *found = momui_format_of_bytes(&bytes, kind);
    if (!name ? found != NULL : !found || strcmp(found->name, name) != 0)
        fail_msg("%.*s is %s, expected %s", (int)size, data, found ? found->name : "nothing",
                 name ? name : "nothing");
    if (size > 0 && name) { /* one byte less is no longer it */
        bytes.size = size - 1;
        assert_null(momui_format_of_bytes(&bytes, kind));
    }
}

static void test_rows_are_found_by_content(void **state) {
    (void)state;
    static const struct {
        const char *name, *data;
        size_t size;
        momui_file_kind kind;
    } CASES[] = {
        {"wav", "RIFF....WAVE", 12, MOMUI_FILE_SOUND},
        {"flac", "fLaC", 4, MOMUI_FILE_SOUND},
        {"ogg", "OggS", 4, MOMUI_FILE_SOUND},
        {"mp3", "ID3", 3, MOMUI_FILE_SOUND},
        {"mp3", "\xFF\xFB", 2, MOMUI_FILE_SOUND},
        {"aiff", "FORM....AIF", 11, MOMUI_FILE_SOUND},
        {NULL, "RIFF....AVI ", 12, MOMUI_FILE_SOUND},
        {NULL, "", 0, MOMUI_FILE_SOUND},
        {"bvh", "\xEF\xBB\xBF \r\n\tHierarchy", 16, MOMUI_FILE_MOTION},
        {"glb", "glTF", 4, MOMUI_FILE_MOTION},
        {"npz", "PK\3\4", 4, MOMUI_FILE_MOTION},
        {"npz", "PK\5\6", 4, MOMUI_FILE_MOTION},
        {"npy", "\x93NUMPY", 6, MOMUI_FILE_MOTION},
        {"deepmimic", " \n{", 3, MOMUI_FILE_MOTION},
        {NULL, "HIERARCHI", 9, MOMUI_FILE_MOTION},
        {NULL, "\0{", 2, MOMUI_FILE_MOTION},
        {NULL, "", 0, MOMUI_FILE_MOTION},
        {"safetensors", "\x40\0\0\0\0\0\0\0{", 9, MOMUI_FILE_MODEL},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        assert_content(CASES[i].data, CASES[i].size, CASES[i].kind, CASES[i].name);
}

static void test_lists_for_sentences(void **state) {
    (void)state;
    char text[MOMUI_FORMATS_TEXT];
    momui_formats_list(MOMUI_FILE_SOUND, true, text);
    assert_string_equal(text, ".wav, .flac or .ogg");
    momui_formats_list(MOMUI_FILE_MOTION, true, text);
    assert_string_equal(text, ".bvh, .glb or .npz");
    momui_formats_list(MOMUI_FILE_MOTION, false, text);
    assert_string_equal(text, ".bvh, .glb, .npz, .npy or .txt");
    momui_formats_list(MOMUI_FILE_MODEL, false, text);
    assert_string_equal(text, ".safetensors");
    momui_formats_for(MOMUI_TARGET_UNITY, text);
    assert_string_equal(text, ".bvh or .glb");
    momui_formats_for(MOMUI_TARGET_SMPL, text);
    assert_string_equal(text, ".npz");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_are_complete),
        cmocka_unit_test(test_rows_are_found_by_path),
        cmocka_unit_test(test_rows_are_found_by_content),
        cmocka_unit_test(test_lists_for_sentences),
    };
    return cmocka_run_group_tests_name("formats", tests, NULL, NULL);
}
