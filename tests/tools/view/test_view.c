/* The page's data and the sheet's pixels, read back. */
#include "tests/motion/motions.h"

#include "io/json/json.h"
#include "io/npz/npz.h"
#include "io/npz/npz_layouts.h"
#include "tools/draw/bones.h"
#include "tools/view/view.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

enum { RATE = 16000, SECONDS = 6 };

/* A click each half second. */
static momui_audio *clicks(int64_t seconds, int32_t channels, double rate) {
    momui_audio *song = momui_audio_new(NULL, (int64_t)((double)seconds * rate), channels, rate);
    assert_non_null(song);
    for (int64_t i = 0; i < song->frames; i++) {
        double since = fmod((double)i / rate, 0.5);
        for (int32_t c = 0; c < channels; c++)
            song->samples[i * channels + c] =
                (float)(0.8 * exp(-since * 60) * sin(2 * MOMUI_PI * 1000 * since));
    }
    return song;
}

static char *read_back(const char *path, size_t *size) {
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    *size = (size_t)ftell(file);
    rewind(file);
    char *text = malloc(*size + 1);
    assert_non_null(text);
    assert_int_equal(fread(text, 1, *size, file), *size);
    text[*size] = 0;
    fclose(file);
    remove(path);
    return text;
}

static void write_page(const momui_view *view, char **text, size_t *size) {
    momu_error error = {0};
    if (momui_page_write(NULL, view, "test_view.html", &error) != MOMU_OK)
        fail_msg("%s", error.message);
    *text = read_back("test_view.html", size);
}

/* What the page's data element holds. */
static momui_json *page_data(const char *text) {
    static const char BEGIN[] = "<script type=\"application/json\" id=\"data\">";
    momu_error error = {0};
    const char *from = strstr(text, BEGIN);
    assert_non_null(from);
    from += sizeof BEGIN - 1;
    const char *to = strstr(from, "</script>");
    assert_non_null(to);
    momui_json *data = NULL;
    if (momui_json_parse(from, (size_t)(to - from), "page", &data, &error) != MOMU_OK)
        fail_msg("%s", error.message);
    return data;
}

static double number(const momui_json *object, const char *key) {
    momu_error error = {0};
    double value = NAN;
    if (momui_json_double(object, key, -1e12, 1e12, &value, &error) != MOMU_OK)
        fail_msg("%s", error.message);
    return value;
}

static const char *text_of(const momui_json *object, const char *key) {
    momu_error error = {0};
    const char *text = NULL;
    if (momui_json_string(object, key, &text, &error) != MOMU_OK)
        fail_msg("%s", error.message);
    return text;
}

/* RFC 4648, written apart from what it checks. */
static uint8_t *decode(const char *text, size_t *size) {
    static const char LETTERS[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t length = strlen(text), bits = 0, value = 0;
    uint8_t *bytes = malloc(length + 1);
    assert_non_null(bytes);
    assert_int_equal(length % 4, 0);
    *size = 0;
    for (; *text && *text != '='; text++) {
        const char *letter = strchr(LETTERS, *text);
        assert_non_null(letter);
        value = (value << 6 | (size_t)(letter - LETTERS)) & 0xffffff;
        if ((bits += 6) >= 8)
            bytes[(*size)++] = (uint8_t)(value >> (bits -= 8));
    }
    return bytes;
}

/* ---- the page ---- */

static void test_places_come_back(void **state) {
    (void)state;
    momui_motion *dance = walker(90, 30, 0.3);
    momui_view view = {.title = "t", .dances = {dance}, .dance_names = {"walk"}, .dance_count = 1};
    char *text;
    size_t size, count;
    write_page(&view, &text, &size);
    momui_json *data = page_data(text);
    const momui_json *shown = momui_json_at(momui_json_find(data, "dances"), 0);
    assert_int_equal((int)number(shown, "frames"), 90);
    assert_int_equal((int)number(shown, "joints"), MOMUI_BODY_JOINTS);
    assert_near(number(shown, "fps"), 30, 1e-9);
    assert_null(momui_json_find(data, "song"));
    uint8_t *bytes = decode(text_of(shown, "places"), &count);
    assert_int_equal(count, (size_t)90 * MOMUI_BODY_JOINTS * 3 * 2);
    double scale = number(shown, "scale") * 1e-9;
    for (size_t i = 0; i < count / 2; i++) {
        int16_t code = (int16_t)(uint16_t)(bytes[2 * i] | bytes[2 * i + 1] << 8);
        assert_near(code * scale, dance->positions[i], 2e-4);
    }
    free(bytes);
    momui_json_free(data);
    free(text);
    momui_motion_free(dance);
}

static void test_texts_end_no_element(void **state) {
    (void)state;
    static const char HARM[] = "</script><script>alert(\"1\")</script>\\ \n<!--";
    momui_motion *dance = walker(30, 30, 0);
    momui_audio *song = clicks(2, 1, RATE);
    momui_view view = {.title = HARM,
                       .song = song,
                       .song_name = HARM,
                       .dances = {dance},
                       .dance_names = {HARM},
                       .dance_count = 1};
    char *text;
    size_t size;
    write_page(&view, &text, &size);
    assert_null(strstr(text, "alert(\"1\")"));
    assert_null(strstr(text, "<!--"));
    momui_json *data = page_data(text);
    assert_string_equal(text_of(data, "title"), HARM);
    assert_string_equal(text_of(momui_json_find(data, "song"), "name"), HARM);
    assert_string_equal(text_of(momui_json_at(momui_json_find(data, "dances"), 0), "name"), HARM);
    momui_json_free(data);
    free(text);
    momui_audio_free(song);
    momui_motion_free(dance);
}

/* Beats of the music, and which of them a dance meets: as many flags as beats. */
static void test_beats_are_marked(void **state) {
    (void)state;
    momui_motion *dance = walker(30 * SECONDS, 30, 0);
    momui_audio *song = clicks(SECONDS, 2, RATE);
    momui_view view = {
        .song = song, .song_name = "s", .dances = {dance}, .dance_names = {"d"}, .dance_count = 1};
    char *text;
    size_t size;
    write_page(&view, &text, &size);
    momui_json *data = page_data(text);
    const momui_json *sound = momui_json_find(data, "song");
    const momui_json *shown = momui_json_at(momui_json_find(data, "dances"), 0);
    assert_near(number(sound, "tempo"), 120, 2);
    size_t beats = momui_json_count(momui_json_find(sound, "beats"));
    assert_in_range(beats, 10, 13);
    assert_int_equal(momui_json_count(momui_json_find(shown, "musicHits")), beats);
    assert_int_equal(momui_json_count(momui_json_find(shown, "hits")),
                     momui_json_count(momui_json_find(shown, "beats")));
    momui_json_free(data);
    free(text);
    momui_audio_free(song);
    momui_motion_free(dance);
}

/* Sample rate and channels of a FLAC stream: bits of its first block. */
static void flac_format(const momui_json *data, int *rate, int *channels) {
    size_t count;
    uint8_t *flac = decode(text_of(momui_json_find(data, "song"), "sound"), &count);
    assert_true(count > 42 && memcmp(flac, "fLaC", 4) == 0);
    *rate = flac[18] << 12 | flac[19] << 4 | flac[20] >> 4;
    *channels = (flac[20] >> 1 & 7) + 1;
    free(flac);
}

static void expect_sound(int64_t seconds, int32_t channels, double rate, int shown_rate,
                         int shown_channels) {
    momui_audio *song = clicks(seconds, channels, rate);
    momui_view view = {.song = song, .song_name = "s"};
    char *text;
    size_t size;
    int found_rate, found_channels;
    write_page(&view, &text, &size);
    momui_json *data = page_data(text);
    flac_format(data, &found_rate, &found_channels);
    assert_int_equal(found_rate, shown_rate);
    assert_int_equal(found_channels, shown_channels);
    assert_near(number(momui_json_find(data, "song"), "seconds"), (double)seconds, 1e-3);
    momui_json_free(data);
    free(text);
    momui_audio_free(song);
}

static void test_long_songs_are_carried_smaller(void **state) {
    (void)state;
    expect_sound(3, 2, 44100, 44100, 2);
    expect_sound(100, 2, 44100, 44100, 1);
    expect_sound(200, 1, 44100, 22050, 1);
    expect_sound(2, 3, 16000, 16000, 1);
    expect_sound(2, 1, 11025.5, 11026, 1);
}

/* ---- the sheet ---- */

typedef struct picture {
    uint8_t *rgb;
    int width, height;
} picture;

static int word_at(const uint8_t *p) {
    return p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
}

/* One IDAT, filter 1 in each row: what draw/png.c writes. */
static picture read_picture(const char *path) {
    size_t size;
    uint8_t *file = (uint8_t *)read_back(path, &size);
    picture p = {.width = word_at(file + 16), .height = word_at(file + 20)};
    size_t row = (size_t)p.width * 3;
    uLongf plain = (uLongf)((row + 1) * (size_t)p.height);
    p.rgb = malloc(plain);
    assert_non_null(p.rgb);
    assert_memory_equal(file + 37, "IDAT", 4);
    assert_int_equal(uncompress(p.rgb, &plain, file + 41, (uLong)word_at(file + 33)), Z_OK);
    for (int y = 0; y < p.height; y++) {
        uint8_t *to = p.rgb + row * (size_t)y;
        memmove(to, p.rgb + (row + 1) * (size_t)y + 1, row);
        for (size_t x = 3; x < row; x++)
            to[x] = (uint8_t)(to[x] + to[x - 3]);
    }
    free(file);
    return p;
}

static picture make_sheet(const momui_view *view, momui_sheet_options options) {
    momu_error error = {0};
    if (momui_sheet_write(NULL, view, &options, "test_view.png", &error) != MOMU_OK)
        fail_msg("%s", error.message);
    return read_picture("test_view.png");
}

/* Rows in which a light pixel lies within one of column x; a line's edges are smoothed. */
static int light(const picture *p, double x, int top, int bottom) {
    int count = 0;
    for (int y = top; y < bottom; y++) {
        bool found = false;
        for (long side = -1; side <= 1; side++) {
            size_t at = (size_t)y * (size_t)p->width + (size_t)(lround(x) + side);
            found |= p->rgb[3 * at] > 180 && p->rgb[3 * at + 1] > 180 && p->rgb[3 * at + 2] > 180;
        }
        count += found;
    }
    return count;
}

/* The music's beats are white lines over the spectrogram, where their time says. */
static void test_beats_stand_in_their_columns(void **state) {
    (void)state;
    enum { WIDTH = 1228, TOP = 14 + 18 + 6, MARGIN = 14 };
    momui_audio *song = clicks(SECONDS, 1, RATE);
    momui_view view = {.song = song, .song_name = "s"};
    char *text;
    size_t size;
    write_page(&view, &text, &size);
    momui_json *data = page_data(text);
    const momui_json *beats = momui_json_find(momui_json_find(data, "song"), "beats");
    picture p = make_sheet(&view, (momui_sheet_options){.width = WIDTH, .row_seconds = SECONDS});
    assert_int_equal(p.width, WIDTH);
    for (size_t i = 0; i < momui_json_count(beats); i++) {
        momu_error error = {0};
        double at = 0;
        assert_ok(momui_json_as_double(momui_json_at(beats, i), 0, SECONDS, &at, &error));
        double x = MARGIN + at / SECONDS * (WIDTH - 2 * MARGIN);
        assert_true(light(&p, x, TOP, TOP + 24) > 20);
        assert_int_equal(light(&p, x + 25, TOP, TOP + 24), 0);
    }
    free(p.rgb);
    momui_json_free(data);
    free(text);
    momui_audio_free(song);
}

static void test_rows_and_figures(void **state) {
    (void)state;
    momui_motion *dance = walker(30 * SECONDS, 30, 0);
    momui_view view = {.dances = {dance}, .dance_names = {"d"}, .dance_count = 1};
    picture one = make_sheet(&view, (momui_sheet_options){.width = 900, .row_seconds = 6});
    picture three = make_sheet(&view, (momui_sheet_options){.width = 900, .row_seconds = 2});
    assert_int_equal(three.height - 2 * 14 + 16, 3 * (one.height - 2 * 14 + 16));
    int drawn = 0;
    for (int i = 0; i < one.width * one.height; i++)
        drawn += one.rgb[3 * i] != 255 || one.rgb[3 * i + 1] != 255 || one.rgb[3 * i + 2] != 255;
    assert_in_range(drawn, 4000, 60000);
    free(one.rgb);
    free(three.rgb);
    momu_error error = {0};
    momui_sheet_options beyond = {.width = 900, .from = 7};
    assert_int_equal(momui_sheet_write(NULL, &view, &beyond, "test_view.png", &error),
                     MOMU_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "what lasts 6 s"));
    momui_motion_free(dance);
}

/* ---- positions alone ---- */

/* Positions of the walker's joints under the names of a known layout; a joint that the walker lacks
 * stands at its pelvis. */
static momui_motion *positions_of(int32_t joints, double lower, double scale) {
    momui_motion *body = walker(30, 30, 0);
    momui_motion *made = momui_motion_new(NULL, MOMUI_MOTION_POSITIONS, joints, 30, 30);
    assert_non_null(made);
    assert_true(momui_layout_names(&made->skeleton));
    for (int64_t t = 0; t < 30; t++)
        for (int32_t j = 0; j < joints; j++) {
            int32_t from = momui_skeleton_find(&body->skeleton, made->skeleton.names[j]);
            for (int k = 0; k < 3; k++)
                made->positions[(t * joints + j) * 3 + k] =
                    (float)(((double)body
                                 ->positions[(t * MOMUI_BODY_JOINTS + (from < 0 ? 0 : from)) * 3 +
                                             k] -
                             (k == 1 ? lower : 0)) *
                            scale);
        }
    momui_motion_free(body);
    return made;
}

/* One character, and no joint outside it: whoever looks sees a person. */
static void test_known_layouts_have_bones(void **state) {
    (void)state;
    static const int32_t LAYOUTS[] = {14, 17, 22, 25};
    for (size_t i = 0; i < 4; i++) {
        momui_motion *dance = positions_of(LAYOUTS[i], 0, 1);
        momui_bones bones;
        int32_t group[32], groups = LAYOUTS[i], left = 0, right = 0;
        momui_find_bones(dance, &bones);
        for (int32_t j = 0; j < LAYOUTS[i]; j++)
            group[j] = j;
        for (int32_t b = 0; b < bones.count; b++) {
            int32_t from = group[bones.items[b].from], to = group[bones.items[b].to];
            left += bones.items[b].side == 1;
            right += bones.items[b].side == 2;
            for (int32_t j = 0; from != to && j < LAYOUTS[i]; j++)
                if (group[j] == from)
                    group[j] = to;
            groups -= from != to;
        }
        assert_int_equal(groups, 1);
        assert_int_equal(left, right);
        assert_true(left >= 5 && bones.head >= 0);
        momui_motion_free(dance);
    }
}

/* What has no human name is a point. */
static void test_unknown_joints_are_points(void **state) {
    (void)state;
    momui_motion *dance = positions_of(14, 0, 1);
    snprintf(dance->skeleton.names[4], sizeof dance->skeleton.names[4], "marker_17");
    momui_bones bones;
    momui_find_bones(dance, &bones);
    int points = 0;
    for (int32_t b = 0; b < bones.count; b++)
        points += bones.items[b].from == 4 && bones.items[b].to == 4;
    assert_int_equal(points, 1);
    momui_motion_free(dance);
}

static int drawn_pixels(const momui_motion *dance) {
    momui_view view = {.dances = {dance}, .dance_names = {"d"}, .dance_count = 1};
    picture p = make_sheet(&view, (momui_sheet_options){.width = 900, .row_seconds = 6});
    int drawn = 0;
    for (int i = 0; i < p.width * p.height; i++) /* blue and orange limbs */
        drawn += abs((int)p.rgb[3 * i] - (int)p.rgb[3 * i + 2]) > 60;
    free(p.rgb);
    return drawn;
}

static void test_positions_are_drawn(void **state) {
    (void)state;
    momui_motion *body = walker(30, 30, 0);
    int expected = drawn_pixels(body);
    assert_true(expected > 300);
    static const int32_t LAYOUTS[] = {14, 17, 22, 25};
    for (size_t i = 0; i < 4; i++) {
        momui_motion *dance = positions_of(LAYOUTS[i], 0, 1),
                     *centred = positions_of(LAYOUTS[i], 0.86, 1);
        assert_in_range(drawn_pixels(dance), expected / 2, 2 * expected);
        assert_in_range(drawn_pixels(centred), expected / 2,
                        2 * expected); /* lifted to the ground */
        momui_motion_free(dance);
        momui_motion_free(centred);
    }
    momui_motion_free(body);
}

static void test_golden_positions_are_drawn(void **state) {
    (void)state;
    const char *folder = getenv("MOMU_TEST_GOLDEN");
    char path[1024];
    momu_error error = {0};
    momui_bytes bytes;
    momui_motion *dance = NULL;
    assert_non_null(folder);
    snprintf(path, sizeof path, "%s/view/positions.npz", folder);
    assert_ok(momui_bytes_from_path(NULL, path, false, 1 << 20, &bytes, &error));
    assert_ok(momui_motion_npz_read(NULL, &bytes, &dance, &error));
    momui_bytes_release(&bytes);
    assert_int_equal(dance->kind, MOMUI_MOTION_POSITIONS);
    assert_true(drawn_pixels(dance) > 600);
    momui_view view = {.dances = {dance}, .dance_names = {"d"}, .dance_count = 1};
    char *text;
    size_t size;
    write_page(&view, &text, &size);
    momui_json *data = page_data(text);
    const momui_json *shown = momui_json_at(momui_json_find(data, "dances"), 0);
    assert_int_equal((int)number(shown, "axes"), 3);
    assert_true(momui_json_count(momui_json_find(shown, "bones")) >= 16);
    momui_json_free(data);
    free(text);
    momui_motion_free(dance);
}

static void expect_refusal(momui_motion *dance, const char *words) {
    momui_view view = {.dances = {dance}, .dance_names = {"d.npz"}, .dance_count = 1};
    momu_error error = {0};
    assert_int_equal(momui_page_write(NULL, &view, "test_view.html", &error),
                     MOMU_ERROR_UNSUPPORTED);
    assert_non_null(strstr(error.message, words));
    assert_non_null(strstr(error.message, "d.npz"));
    momui_motion_free(dance);
}

static void test_what_cannot_be_drawn_is_refused(void **state) {
    (void)state;
    expect_refusal(positions_of(17, 0, 1000), "metres"); /* in millimetres */
    expect_refusal(positions_of(17, 0, 0), "spans 0 m");
    momui_motion *missing = positions_of(17, 0, 1);
    missing->confidence = momui_calloc(NULL, 30 * 17, sizeof(float));
    assert_non_null(missing->confidence);
    expect_refusal(missing, "missing");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_layouts_have_bones),
        cmocka_unit_test(test_unknown_joints_are_points),
        cmocka_unit_test(test_positions_are_drawn),
        cmocka_unit_test(test_golden_positions_are_drawn),
        cmocka_unit_test(test_what_cannot_be_drawn_is_refused),
        cmocka_unit_test(test_places_come_back),
        cmocka_unit_test(test_texts_end_no_element),
        cmocka_unit_test(test_beats_are_marked),
        cmocka_unit_test(test_long_songs_are_carried_smaller),
        cmocka_unit_test(test_beats_stand_in_their_columns),
        cmocka_unit_test(test_rows_and_figures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
