/* How many threads are worth starting: what the scheduler allows this process (its affinity), and
 * what its control groups pay for. A container of two processors on a machine of 64 says 2. */
#include "command.h"

#include <math.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_PROCESSORS = 256, PATH_ROOM = 4096 };

static double affinity(void) {
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0)
        return CPU_COUNT(&set);
    long online = sysconf(_SC_NPROCESSORS_ONLN); /* more processors than a cpu_set_t holds */
    return online < 1 ? 1 : (double)online;
}

/* The file's first line without its end; false where there is none. */
static bool first_line(const char *folder, const char *group, const char *name, char *line,
                       int room) {
    char path[PATH_ROOM + 1];
    if (snprintf(path, sizeof path, "%s%s/%s", folder, group, name) >= (int)sizeof path)
        return false;
    FILE *file = fopen(path, "r");
    bool read = file && fgets(line, room, file);
    if (file)
        fclose(file);
    if (read)
        line[strcspn(line, "\n")] = '\0';
    return read;
}

/* cgroup v2: cpu.max is "QUOTA PERIOD" in microseconds, or "max PERIOD". */
static double quota_of_group2(const char *folder, const char *group) {
    char line[64], *end = NULL;
    if (!first_line(folder, group, "cpu.max", line, sizeof line))
        return INFINITY;
    double quota = strtod(line, &end), period = end == line ? 0 : strtod(end, NULL);
    return quota > 0 && period > 0 ? quota / period : INFINITY;
}

/* cgroup v1: the quota is -1 where there is none. */
static double quota_of_group1(const char *folder, const char *group) {
    char quota[64], period[64];
    if (!first_line(folder, group, "cpu.cfs_quota_us", quota, sizeof quota) ||
        !first_line(folder, group, "cpu.cfs_period_us", period, sizeof period))
        return INFINITY;
    double q = strtod(quota, NULL), p = strtod(period, NULL);
    return q > 0 && p > 0 ? q / p : INFINITY;
}

/* The least quota of a group and of all that hold it. */
static double least_quota(const char *folder, char *group,
                          double (*quota_of)(const char *, const char *)) {
    double least = INFINITY;
    for (;;) {
        least = fmin(least, quota_of(folder, group));
        char *slash = strrchr(group, '/');
        if (!slash)
            return least;
        *slash = '\0';
    }
}

static bool holds_word(const char *list, const char *word) {
    size_t length = strlen(word);
    for (const char *at = list; *at;) {
        size_t size = strcspn(at, ",");
        if (size == length && strncmp(at, word, length) == 0)
            return true;
        at += size + (at[size] == ',');
    }
    return false;
}

double momu_cgroup_quota(const char *groups, const char *mount) {
    double least = INFINITY;
    char line[PATH_ROOM], folder[PATH_ROOM];
    FILE *file = fopen(groups, "r");
    while (file && fgets(line, sizeof line, file)) { /* NUMBER:CONTROLLERS:/GROUP */
        line[strcspn(line, "\n")] = '\0';
        char *controllers = strchr(line, ':'),
             *group = controllers ? strchr(controllers + 1, ':') : NULL;
        if (!group)
            continue;
        *controllers++ = '\0';
        *group++ = '\0';
        if (*controllers == '\0') {
            least = fmin(least, least_quota(mount, group, quota_of_group2));
        } else if (holds_word(controllers, "cpu")) {
            snprintf(folder, sizeof folder, "%.4000s/cpu", mount);
            least = fmin(least, least_quota(folder, group, quota_of_group1));
        }
    }
    if (file)
        fclose(file);
    return least;
}

int32_t momu_processors(void) {
    double count = fmin(affinity(), ceil(momu_cgroup_quota("/proc/self/cgroup", "/sys/fs/cgroup")));
    return count < 1 ? 1 : count > MOST_PROCESSORS ? MOST_PROCESSORS : (int32_t)count;
}
