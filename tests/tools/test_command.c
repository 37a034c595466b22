/* Parts of the command that no script can watch: processors by control groups, and the share that
 * the bar shows. */
#include "tools/command.h"

#include <math.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static void put(const char *path, const char *text) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* A folder as /sys/fs/cgroup, in the build folder. */
static void make_folder(const char *path) {
    assert_true(mkdir(path, 0777) == 0 || access(path, W_OK) == 0);
}

static bool is(double value, double expected) {
    return fabs(value - expected) < 1e-9;
}

static void test_quotas_of_version_2(void **state) {
    (void)state;
    make_folder("cgroup2");
    make_folder("cgroup2/outer");
    make_folder("cgroup2/outer/inner");
    put("cgroup2.self", "0::/outer/inner\n");
    put("cgroup2/outer/cpu.max", "max 100000\n");
    put("cgroup2/outer/inner/cpu.max", "max 100000\n");
    assert_true(isinf(momu_cgroup_quota("cgroup2.self", "cgroup2")));
    put("cgroup2/outer/inner/cpu.max", "250000 100000\n");
    assert_true(is(momu_cgroup_quota("cgroup2.self", "cgroup2"), 2.5));
    put("cgroup2/outer/cpu.max", "150000 100000\n"); /* the outer group's holds as well */
    assert_true(is(momu_cgroup_quota("cgroup2.self", "cgroup2"), 1.5));
    put("cgroup2/outer/cpu.max", "nonsense\n");
    assert_true(is(momu_cgroup_quota("cgroup2.self", "cgroup2"), 2.5));
    assert_true(isinf(momu_cgroup_quota("cgroup2.missing", "cgroup2")));
}

static void test_quotas_of_version_1(void **state) {
    (void)state;
    make_folder("cgroup1");
    make_folder("cgroup1/cpu");
    make_folder("cgroup1/cpu/job");
    put("cgroup1.self", "7:memory:/job\n4:cpuacct,cpu:/job\n2:cpuset:/job\n");
    put("cgroup1/cpu/job/cpu.cfs_period_us", "100000\n");
    put("cgroup1/cpu/job/cpu.cfs_quota_us", "-1\n");
    assert_true(isinf(momu_cgroup_quota("cgroup1.self", "cgroup1")));
    put("cgroup1/cpu/job/cpu.cfs_quota_us", "50000\n");
    assert_true(is(momu_cgroup_quota("cgroup1.self", "cgroup1"), 0.5));
}

static void test_affinity_is_obeyed(void **state) {
    (void)state;
    cpu_set_t before, one;
    assert_int_equal(sched_getaffinity(0, sizeof before, &before), 0);
    int32_t all = momu_processors();
    assert_in_range(all, 1, CPU_COUNT(&before));
    CPU_ZERO(&one);
    for (size_t i = 0; i < CPU_SETSIZE; i++)
        if (CPU_ISSET(i, &before)) {
            CPU_SET(i, &one);
            break;
        }
    assert_int_equal(sched_setaffinity(0, sizeof one, &one), 0);
    assert_int_equal(momu_processors(), 1);
    assert_int_equal(sched_setaffinity(0, sizeof before, &before), 0);
    assert_int_equal(momu_processors(), all);
}

/* The stages of a joint generation: sampling, then the decoders one by one. */
static void test_one_bar_grows(void **state) {
    (void)state;
    static const char *const STAGES[] = {"encoding", "encoding", "sampling",
                                         "decoding", "decoding", "decoding"};
    momu_bar bar;
    double last = 0;
    momu_bar_open(&bar, true);
    for (size_t s = 0; s < sizeof STAGES / sizeof *STAGES; s++) {
        double began = last;
        for (uint64_t i = 0; i <= 20; i++) {
            double share = momu_bar_share(&bar, STAGES[s], i, 20);
            assert_true(share >= last && share <= 1);
            last = share;
        }
        assert_true(last > began); /* no pass stands still */
    }
    assert_true(last > 0.9);
    momu_bar_open(&bar, true);
    assert_true(is(momu_bar_share(&bar, "drawing", 3, 4), 0.75)); /* alone it is the whole */
    assert_true(is(momu_bar_share(&bar, "drawing", 4, 4), 1));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quotas_of_version_2),
        cmocka_unit_test(test_quotas_of_version_1),
        cmocka_unit_test(test_affinity_is_obeyed),
        cmocka_unit_test(test_one_bar_grows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
