/* io/json: bounds, strictness and getters that name the key. */
#include "io_support.h"

#include "io/json/json.h"
#include "io/utf8.h"

static momui_json *parse(const char *text, momu_error *error) {
    memset(error, 0, sizeof *error);
    momui_json *json = NULL;
    momu_status status = momui_json_parse(text, strlen(text), "config", &json, error);
    assert_int_equal(status, error->status); /* the call and the sentence agree */
    assert_true((json != NULL) == (status == MOMU_OK));
    return json;
}

static momui_json *parsed(const char *text) {
    momu_error error;
    momui_json *json = parse(text, &error);
    if (!json)
        fail_msg("%s", error.message);
    return json;
}

static void test_values_are_read(void **state) {
    (void)state;
    momu_error error = {0};
    momui_json *json = parsed("{\"count\":3,\"rate\":-1.5e2,\"on\":true,\"name\":\"\\u00fc\\n\","
                              "\"list\":[1,[2]],\"sub\":{\"a\":0.25}}");
    int64_t count = 0;
    int32_t small = 0, choice = -1;
    double rate = 0, quarter = 0;
    bool on = false;
    const char *name = NULL;
    const momui_json *list = NULL, *sub = NULL;
    assert_int_equal(momui_json_int(json, "count", 0, 9, &count, &error), MOMU_OK);
    assert_int_equal(momui_json_i32(json, "count", 0, 9, &small, &error), MOMU_OK);
    assert_int_equal(momui_json_double(json, "rate", -200, 0, &rate, &error), MOMU_OK);
    assert_int_equal(momui_json_bool(json, "on", &on, &error), MOMU_OK);
    assert_int_equal(momui_json_string(json, "name", &name, &error), MOMU_OK);
    assert_int_equal(momui_json_array(json, "list", 1, 2, &list, &error), MOMU_OK);
    assert_int_equal(momui_json_object(json, "sub", &sub, &error), MOMU_OK);
    assert_int_equal(momui_json_double(sub, "a", 0, 1, &quarter, &error), MOMU_OK);
    assert_int_equal(
        momui_json_choice(json, "name", (const char *[]){"x", "\xC3\xBC\n"}, 2, &choice, &error),
        MOMU_OK);
    assert_true(count == 3 && small == 3 && rate == -150 && on && quarter == 0.25 && choice == 1);
    assert_string_equal(name, "\xC3\xBC\n");
    assert_int_equal(momui_json_count(list), 2);
    assert_int_equal(momui_json_type(momui_json_at(list, 1)), MOMUI_JSON_ARRAY);
    assert_null(momui_json_at(list, 2));
    assert_null(momui_json_find(json, "absent"));
    assert_string_equal(momui_json_key(sub), "sub");
    momui_json_free(json);
}

static void test_getters_name_the_key(void **state) {
    (void)state;
    momu_error error = {0};
    momui_json *json = parsed("{\"sub\":{\"list\":[1,2.5,\"x\"]},\"n\":7,\"huge\":1e300}");
    const momui_json *sub = NULL, *list = NULL;
    int64_t n = 0;
    int32_t choice = 0;
    double d = 0;
    const char *text = NULL;
    assert_int_equal(momui_json_object(json, "sub", &sub, &error), MOMU_OK);
    assert_int_not_equal(momui_json_int(sub, "absent", 0, 1, &n, &error), MOMU_OK);
    ASSERT_SENTENCE(&error, MOMU_ERROR_FORMAT, "config: sub: ", "\"absent\" is missing");
    assert_int_not_equal(momui_json_array(sub, "list", 4, 9, &list, &error), MOMU_OK);
    ASSERT_SENTENCE(&error, MOMU_ERROR_FORMAT, "config: sub.list: ", "4 to 9, found 3");
    assert_int_equal(momui_json_array(sub, "list", 0, 9, &list, &error), MOMU_OK);
    assert_int_not_equal(momui_json_as_int(momui_json_at(list, 1), 0, 9, &n, &error), MOMU_OK);
    ASSERT_SENTENCE(&error, MOMU_ERROR_FORMAT, "sub.list[1]: expected a whole number, found 2.5");
    assert_int_not_equal(momui_json_as_double(momui_json_at(list, 2), 0, 9, &d, &error), MOMU_OK);
    ASSERT_SENTENCE(&error, MOMU_ERROR_FORMAT, "sub.list[2]: expected a number, found a string");
    assert_int_not_equal(momui_json_int(json, "n", 8, 9, &n, &error), MOMU_OK);
    ASSERT_SENTENCE(&error, MOMU_ERROR_FORMAT, "config: n: expected 8 to 9, found 7");
    assert_int_not_equal(momui_json_double(json, "n", 0, 1.5, &d, &error), MOMU_OK);
    ASSERT_SENTENCE(&error, MOMU_ERROR_FORMAT, "expected 0 to 1.5, found 7");
    assert_int_not_equal(momui_json_int(json, "huge", 0, INT64_MAX, &n, &error), MOMU_OK);
    ASSERT_SENTENCE(&error, MOMU_ERROR_FORMAT, "found about 1e300");
    assert_int_not_equal(momui_json_choice(json, "n", (const char *[]){"a"}, 1, &choice, &error),
                         MOMU_OK);
    assert_int_not_equal(momui_json_string(json, "n", &text, &error), MOMU_OK);
    assert_int_not_equal(momui_json_only(json, (const char *[]){"sub", "n"}, 2, &error), MOMU_OK);
    ASSERT_SENTENCE(&error, MOMU_ERROR_FORMAT, "config: huge: this key is unknown");
    assert_int_equal(momui_json_only(json, (const char *[]){"sub", "n", "huge"}, 3, &error),
                     MOMU_OK);
    momui_json_free(json);
    json = parsed("{\"kind\":\"c\"}");
    assert_int_not_equal(
        momui_json_choice(json, "kind", (const char *[]){"a", "b"}, 2, &choice, &error), MOMU_OK);
    ASSERT_SENTENCE(&error, MOMU_ERROR_FORMAT, "kind: expected one of \"a\", \"b\", found \"c\"");
    momui_json_free(json);
}

static void test_what_is_refused(void **state) {
    (void)state;
    static const struct {
        const char *text, *words;
        int status;
    } CASES[] = {
        {"", "not valid JSON", MOMU_ERROR_FORMAT},
        {"{", "not valid JSON", MOMU_ERROR_FORMAT},
        {"{\"a\":1,\"a\":2}", "\"a\" appears twice", MOMU_ERROR_FORMAT},
        {"{\"a\":{\"b\":1,\"c\":0,\"\\u0062\":2}}", "a: the key \"b\" appears twice",
         MOMU_ERROR_FORMAT},
        {"[1e999]", "[0]: the number is too large", MOMU_ERROR_FORMAT},
        {"[-1e999]", "too large", MOMU_ERROR_FORMAT},
        {"[NaN]", "not valid JSON", MOMU_ERROR_FORMAT},
        {"[01]", "a malformed number at byte 3 (line 1)", MOMU_ERROR_FORMAT},
        {"[1.]", "a malformed number", MOMU_ERROR_FORMAT},
        {"[1,\n-]", "a malformed number at byte 5 (line 2)", MOMU_ERROR_FORMAT},
        {"[1e+]", "a malformed number", MOMU_ERROR_FORMAT},
        {"[0.0000000000000000000000000000000000000000000000000000000000000000000001]",
         "more than 60", MOMU_ERROR_FORMAT},
        {"[\"a\\u0000b\"]", "a zero character", MOMU_ERROR_FORMAT},
        {"[\"a\tb\"]", "a control character", MOMU_ERROR_FORMAT},
        {"[1]\x01", "a control character", MOMU_ERROR_FORMAT},
        {"[\"a", "a string without its end", MOMU_ERROR_FORMAT},
        {"[\"\xFF\"]", "no UTF-8 at byte 2", MOMU_ERROR_FORMAT},
        {"[\"\xED\xA0\x80\"]", "no UTF-8", MOMU_ERROR_FORMAT},
        {"[\"\xC0\x80\"]", "no UTF-8", MOMU_ERROR_FORMAT},
        {"[1] [2]", "more text behind the value at byte 4", MOMU_ERROR_FORMAT},
        {"[1,]", "not valid JSON", MOMU_ERROR_FORMAT},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        momu_error error;
        momui_json *json = parse(CASES[i].text, &error);
        if (json)
            fail_msg("accepted: %s", CASES[i].text);
        ASSERT_SENTENCE(&error, CASES[i].status, "config: ", CASES[i].words);
    }
}

static void test_depth_and_length_are_bounded(void **state) {
    (void)state;
    char text[300];
    momu_error error;
    for (int depth = MOMUI_JSON_MAX_DEPTH; depth <= MOMUI_JSON_MAX_DEPTH + 1; depth++) {
        memset(text, '[', (size_t)depth);
        memset(text + depth, ']', (size_t)depth);
        text[2 * depth] = '\0';
        momui_json *json = parse(text, &error);
        if (depth == MOMUI_JSON_MAX_DEPTH) {
            assert_non_null(json);
        } else {
            assert_null(json);
            ASSERT_SENTENCE(&error, MOMU_ERROR_LIMIT, "nested deeper than 64 levels at byte 64");
        }
        momui_json_free(json);
    }
    /* Not a byte behind the length is looked at. */
    char *exact = malloc(5);
    memcpy(exact, "[123]", 5);
    momui_json *json = NULL;
    assert_int_equal(momui_json_parse(exact, 5, "exact", &json, &error), MOMU_OK);
    momui_json_free(json);
    assert_int_equal(momui_json_parse(exact, 4, "exact", &json, &error), MOMU_ERROR_FORMAT);
    assert_int_equal(momui_json_parse(exact, 0, "exact", &json, &error), MOMU_ERROR_FORMAT);
    assert_null(json);
    free(exact);
}

static void test_commas_of_a_locale_change_nothing(void **state) {
    (void)state;
    if (!comma_locale())
        skip();
    momu_error error;
    double value = 0;
    momui_json *json = parsed("{\"v\":1.5}");
    assert_int_equal(momui_json_double(json, "v", 0, 9, &value, &error), MOMU_OK);
    assert_true(value == 1.5);
    assert_int_not_equal(momui_json_double(json, "v", 2.5, 9, &value, &error), MOMU_OK);
    ASSERT_SENTENCE(&error, MOMU_ERROR_FORMAT, "expected 2.5 to 9, found 1.5");
    momui_json_free(json);
    setlocale(LC_ALL, "C");
}

static void test_strings_are_written_and_read_back(void **state) {
    (void)state;
    static const char TEXT[] = "a \"quoted\" \\ line\n\x01 and gr\xC3\xBC\xC3\x9F"
                               "e";
    momui_writer out;
    momu_error error;
    momui_writer_init(&out, NULL);
    momui_write_text(&out, "[");
    momui_json_write_string(&out, TEXT);
    momui_write_text(&out, "]");
    momui_json *json = NULL;
    const char *back = NULL;
    assert_int_equal(momui_json_parse((const char *)out.data, out.size, "written", &json, &error),
                     MOMU_OK);
    assert_int_equal(momui_json_as_string(momui_json_at(json, 0), &back, &error), MOMU_OK);
    assert_string_equal(back, TEXT);
    momui_json_free(json);
    momui_writer_release(&out);
}

static void test_names_are_cut_at_a_character(void **state) {
    (void)state;
    char text[80], name[64];
    memset(text, 'a', sizeof text);
    memcpy(text + 62, "\xC3\xBC", 2);
    momui_utf8_name(name, text, 70);
    assert_int_equal(strlen(name), 62);
    momui_utf8_name(name, "x\ny\xFFz", 5);
    assert_string_equal(name, "x?y?z");
    uint32_t codes[4];
    char back[4];
    assert_int_equal(momui_utf8_decode("\xF0\x9F\x95\xBA\xC3\xBC\xE2\x82\xAC!", codes, 4), 4);
    assert_true(codes[0] == 0x1F57A && codes[1] == 0xFC && codes[2] == 0x20AC && codes[3] == '!');
    assert_int_equal(momui_utf8_encode(0x1F57A, back), 4);
    assert_memory_equal(back, "\xF0\x9F\x95\xBA", 4);
    assert_int_equal(momui_utf8_encode(0xD800, back), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_are_read),
        cmocka_unit_test(test_getters_name_the_key),
        cmocka_unit_test(test_what_is_refused),
        cmocka_unit_test(test_depth_and_length_are_bounded),
        cmocka_unit_test(test_commas_of_a_locale_change_nothing),
        cmocka_unit_test(test_strings_are_written_and_read_back),
        cmocka_unit_test(test_names_are_cut_at_a_character),
    };
    return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
