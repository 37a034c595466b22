/* Every file of tests/fuzz/corpus as it is, and two thousand damaged forms of each kind: bytes
 * changed, cut, repeated and swapped. Readers take them or refuse them with a sentence; sanitisers
 * see the rest. */
#include "io_support.h"

#include "base/random.h"
#include "tests/fuzz/replay.h"

#include <dirent.h>

enum { CASES = 2000, ROOM = 1 << 16 };

typedef struct corpus {
    unsigned char data[32][ROOM];
    size_t size[32], count;
} corpus;

static bool load(const char *kind, corpus *c) {
    char folder[4096], path[8192];
    const char *root = getenv("MOMU_TEST_GOLDEN");
    c->count = 0;
    snprintf(folder, sizeof folder, "%s/../fuzz/corpus/%s", root ? root : ".", kind);
    DIR *list = opendir(folder);
    if (!list)
        return false;
    for (struct dirent *entry; (entry = readdir(list)) && c->count < 32;) {
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        FILE *file = entry->d_name[0] == '.' ? NULL : fopen(path, "rb");
        if (!file)
            continue;
        c->size[c->count] = fread(c->data[c->count], 1, ROOM, file);
        c->count++;
        fclose(file);
    }
    closedir(list);
    return c->count > 0;
}

/* The block ends exactly where the input does, so that sanitizers report a byte too far. */
static void replay_exactly(const char *kind, const unsigned char *data, size_t size, int number) {
    unsigned char *exact = malloc(size ? size : 1);
    memcpy(exact, data, size);
    if (!replay(kind, exact, size))
        fail_msg("%s: case %d was neither read nor refused with a sentence", kind, number);
    free(exact);
}

static size_t damage(unsigned char *data, size_t size, momui_random *random) {
    static const unsigned char EDGES[] = {0,   1,   0x7F, 0x80, 0xFF, '0',
                                          '9', '-', '}',  ']',  '"',  '\n'};
    uint32_t rounds = 1 + momui_random_below(random, 6);
    for (uint32_t i = 0; i < rounds && size > 0; i++) {
        size_t at = momui_random_below(random, (uint32_t)size);
        size_t length = 1 + momui_random_below(random, 16);
        switch (momui_random_below(random, 8)) {
        case 0: /* cut off */
            size = at;
            break;
        case 1: /* a part left out */
            length = length > size - at ? size - at : length;
            memmove(data + at, data + at + length, size - at - length);
            size -= length;
            break;
        case 2: /* a part repeated */
            if (size + length <= ROOM && at >= length) {
                memmove(data + at + length, data + at, size - at);
                memcpy(data + at, data + at - length, length);
                size += length;
            }
            break;
        case 3:
        case 4:
            data[at] = EDGES[momui_random_below(random, sizeof EDGES)];
            break;
        default:
            data[at] ^= (unsigned char)(1u << momui_random_below(random, 8));
        }
    }
    return size;
}

static void replay_kind(const char *kind) {
    static corpus c;
    static unsigned char work[ROOM];
    if (!load(kind, &c))
        fail_msg("no corpus for %s", kind);
    for (size_t i = 0; i < c.count; i++)
        replay_exactly(kind, c.data[i], c.size[i], -1);
    momui_random random = {.seed = 20240607, .stream = (uint64_t)(unsigned char)kind[0]};
    for (int number = 0; number < CASES; number++) {
        uint32_t which = momui_random_below(&random, (uint32_t)c.count);
        memcpy(work, c.data[which], c.size[which]);
        size_t size = damage(work, c.size[which], &random);
        replay_exactly(kind, work, size, number);
    }
}

static void test_json(void **state) {
    (void)state;
    replay_kind("json");
}

static void test_safetensors(void **state) {
    (void)state;
    replay_kind("safetensors");
}

static void test_sound(void **state) {
    (void)state;
    replay_kind("sound");
}

static void test_bvh(void **state) {
    (void)state;
    replay_kind("bvh");
}

static void test_glb(void **state) {
    (void)state;
    replay_kind("glb");
}

static void test_deepmimic(void **state) {
    (void)state;
    replay_kind("deepmimic");
}

static void test_npz(void **state) {
    (void)state;
    replay_kind("npz");
}

/* Memory ends at the first allocation, at the second ... until the file is read: no crash, no leak,
 * and the right status. */
static void test_memory_ends_anywhere(void **state) {
    (void)state;
    static const char *const KINDS[] = {"safetensors", "sound", "bvh", "glb", "npz", "deepmimic"};
    static corpus c;
    for (size_t k = 0; k < sizeof KINDS / sizeof *KINDS; k++) {
        assert_true(load(KINDS[k], &c));
        for (size_t i = 0; i < c.count; i++) {
            momu_status plain = MOMU_OK, status = MOMU_ERROR_MEMORY;
            momui_memory memory;
            momui_memory_init(&memory, NULL, REPLAY_MEMORY);
            assert_true(replay_under(&memory, KINDS[k], c.data[i], c.size[i], &plain));
            for (int after = 0; status == MOMU_ERROR_MEMORY && after < 200; after++) {
                failing_allocator f = {.fail_at = after, .from_then_on = true};
                momu_allocator hooks = failing_hooks(&f);
                momui_memory_init(&memory, &hooks, 0);
                bool fine = replay_under(&memory, KINDS[k], c.data[i], c.size[i], &status);
                /* A motion that was read may then fail to be written for want of memory. */
                assert_true(fine || (status == MOMU_OK && f.requests > after &&
                                     atomic_load(&memory.used) == 0));
                assert_true(status == plain || status == MOMU_ERROR_MEMORY);
            }
            assert_int_equal(status, plain);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json),      cmocka_unit_test(test_safetensors),
        cmocka_unit_test(test_sound),     cmocka_unit_test(test_bvh),
        cmocka_unit_test(test_glb),       cmocka_unit_test(test_npz),
        cmocka_unit_test(test_deepmimic), cmocka_unit_test(test_memory_ends_anywhere),
    };
    return cmocka_run_group_tests_name("hostile", tests, NULL, NULL);
}
