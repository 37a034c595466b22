/* Values of options: numbers and choices, checked. */
#include "command.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

int momu_read_number(const char *command, const char *option, const char *text, double *value) {
    char *end = NULL;
    *value = strtod(text, &end);
    if (end == text || *end != '\0' || !isfinite(*value))
        return momu_usage_error(command, "--%s is \"%s\", expected a number", option, text);
    return MOMU_EXIT_OK;
}

int momu_read_positive(const char *command, const char *option, const char *text, double *value) {
    int status = momu_read_number(command, option, text, value);
    if (status == MOMU_EXIT_OK && !(*value > 0))
        status = momu_usage_error(command, "--%s is %s, expected more than 0", option, text);
    return status;
}

int momu_read_integer(const char *command, const char *option, const char *text, uint64_t high,
                      uint64_t *value) {
    char *end = NULL;
    errno = 0;
    unsigned long long parsed = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || errno != 0 || parsed > high)
        return momu_usage_error(command, "--%s is \"%s\", expected a whole number from 0 to %llu",
                                option, text, (unsigned long long)high);
    *value = parsed;
    return MOMU_EXIT_OK;
}

int momu_read_count(const char *command, const char *option, const char *text, uint64_t high,
                    int32_t *value) {
    uint64_t parsed = 0;
    int status = momu_read_integer(command, option, text, high, &parsed);
    if (status == MOMU_EXIT_OK && parsed == 0)
        status = momu_usage_error(command, "--%s is 0, expected 1 to %llu", option,
                                  (unsigned long long)high);
    *value = (int32_t)parsed;
    return status;
}

int momu_read_choice(const char *command, const momu_option *option, const char *text,
                     int32_t *index) {
    char list[512] = "";
    size_t used = 0;
    for (int32_t i = 0; option->choice(i); i++) {
        if (strcasecmp(option->choice(i), text) == 0) {
            *index = i;
            return MOMU_EXIT_OK;
        }
        const char *between = i == 0 ? "" : option->choice(i + 1) ? ", " : " or ";
        int size = snprintf(list + used, sizeof list - used, "%s%s", between, option->choice(i));
        if (size > 0 && used + (size_t)size < sizeof list)
            used += (size_t)size;
    }
    return momu_usage_error(command, "--%s is \"%s\", expected %s", option->name, text, list);
}
