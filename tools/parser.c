/* The way from argv to options, the same for every sub-command. */
#include "command.h"

#include <getopt.h>
#include <string.h>

enum { MOST_OPTIONS = 64, ID_HELP = 'h', ID_VERSION = 'V', FIRST_INDEX = 256 };

static const momu_option COMMON[] = {{"help", NULL, "print this help", ID_HELP, NULL},
                                     {"version", NULL, "print the version", ID_VERSION, NULL},
                                     {0}};

static bool shares(const momu_command *command, const char *name) {
    char word[64];
    snprintf(word, sizeof word, " %s ", name);
    return command->shared && strstr(command->shared, word);
}

const momu_option *momu_option_at(const momu_command *command, size_t index) {
    for (const momu_option *o = momu_shared_options; o->name; o++)
        if (shares(command, o->name) && index-- == 0)
            return o;
    for (const momu_option *o = command->options; o && o->name; o++)
        if (index-- == 0)
            return o;
    return index < 2 ? &COMMON[index] : NULL;
}

typedef struct known {
    const momu_option *options[MOST_OPTIONS]; /* in the order of momu_option_at() */
    struct option longs[MOST_OPTIONS + 1];
    char shorts[2 * MOST_OPTIONS + 2];
} known;

/* What getopt_long() wants to know. A short name returns its letter, a long one its place. */
static void list_known(const momu_command *command, known *k) {
    size_t used = 0;
    k->shorts[used++] = ':';
    memset(k->longs, 0, sizeof k->longs);
    for (size_t i = 0; i < MOST_OPTIONS; i++) {
        const momu_option *o = k->options[i] = momu_option_at(command, i);
        if (!o)
            break;
        k->longs[i] = (struct option){o->name, o->value ? required_argument : no_argument, NULL,
                                      FIRST_INDEX + (int)i};
        if (o->id < FIRST_INDEX) {
            k->shorts[used++] = (char)o->id;
            if (o->value)
                k->shorts[used++] = ':';
        }
    }
    k->shorts[used] = '\0';
}

static const momu_option *known_option(const known *k, int id) {
    if (id >= FIRST_INDEX)
        return k->options[id - FIRST_INDEX];
    for (size_t i = 0; i < MOST_OPTIONS && k->options[i]; i++)
        if (k->options[i]->id == id)
            return k->options[i];
    return NULL;
}

int momu_parse(const momu_command *command, int argc, char **argv, momu_option_reader *read,
               void *user) {
    known k;
    list_known(command, &k);
    optind = 1;
    opterr = 0;
    for (int id; (id = getopt_long(argc, argv, k.shorts, k.longs, NULL)) != -1;) {
        const char *spelled = argv[optind - 1];
        if (id == ':')
            return momu_usage_error(command->name, "%s needs a value", spelled);
        const momu_option *option = id == '?' ? NULL : known_option(&k, id);
        if (!option)
            return momu_usage_error(command->name, "unknown option %s; see momu %s --help", spelled,
                                    command->name);
        if (option == &COMMON[0]) {
            momu_print_help(command);
            return MOMU_EXIT_OK;
        }
        if (option == &COMMON[1]) {
            printf("momu %s\n", momu_version());
            return MOMU_EXIT_OK;
        }
        int status = read(user, option, optarg);
        if (status != MOMU_EXIT_OK)
            return status;
    }
    return MOMU_GO_ON;
}
