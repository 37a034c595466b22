/* momu completions SHELL: a script that completes commands, options and their choices, from the
 * tables of options. */
#include "command.h"

#include <ctype.h>
#include <getopt.h>
#include <string.h>

static int command_completions(int argc, char **argv);

static const char *const SHELLS[] = {"bash", "zsh", "fish", NULL};

const momu_command momu_command_completions = {
    .name = "completions",
    .run = command_completions,
    .summary = "print completions for a shell",
    .usage = "bash|zsh|fish",
    .text = "Prints a script that lets the shell complete commands, options and their values. An "
            "installation puts it where the shell looks; elsewhere, for bash: eval \"$(momu "
            "completions bash)\".",
    .words = SHELLS};

static bool has_letter(const momu_option *option) {
    return option->id < 256 && isalpha(option->id);
}

/* FILE, DIR and FOLDER name files; what else follows an option is not one. */
static bool takes_file(const momu_option *option) {
    const char *value = option->value;
    return value && (strcmp(value, "FILE") == 0 || strcmp(value, "DIR") == 0 ||
                     strcmp(value, "FOLDER") == 0 || strcmp(value, "MODEL") == 0);
}

/* Text within quotes of one kind: `special` are the characters that get `mark` before them. */
static void put_quoted(const char *text, const char *special, const char *mark) {
    for (; *text; text++)
        printf("%s%c", strchr(special, *text) ? mark : "", *text);
}

/* ---- bash ---- */

static void bash_words(const momu_command *command) {
    printf("        words='");
    for (int i = 0; command->words && command->words[i]; i++)
        printf("%s%s", i ? "\n" : "", command->words[i]);
    puts("'");
}

static void bash_option(const momu_option *option) {
    if (!option->value)
        return;
    printf("        ");
    if (has_letter(option))
        printf("-%c|", option->id);
    printf("--%s) ", option->name);
    if (option->choice) {
        printf("words='");
        for (int32_t i = 0; option->choice(i); i++)
            printf("%s%s", i ? "\n" : "", option->choice(i));
        puts("'; kind=words ;;");
    } else {
        printf("kind=%s ;;\n", takes_file(option) ? "file" : "none");
    }
}

static void bash_command(const momu_command *command) {
    printf("    %s)\n        options='", command->name);
    for (size_t i = 0; momu_option_at(command, i); i++)
        printf("%s--%s", i ? "\n" : "", momu_option_at(command, i)->name);
    puts("'");
    bash_words(command);
    puts("        case $previous in");
    for (size_t i = 0; momu_option_at(command, i); i++)
        bash_option(momu_option_at(command, i));
    puts("        esac ;;");
}

static void print_bash(void) {
    puts("# bash completion for momu, made by `momu completions bash`\n"
         "_momu() {\n"
         "    local IFS=$'\\n' current=${COMP_WORDS[COMP_CWORD]} "
         "previous=${COMP_WORDS[COMP_CWORD-1]}\n"
         "    local command=${COMP_WORDS[1]} options='' words='' kind=''\n"
         "    COMPREPLY=()\n"
         "    if [ \"$COMP_CWORD\" -eq 1 ]; then");
    printf("        words='");
    for (size_t i = 0; momu_command_at(i); i++)
        printf("%s\n", momu_command_at(i)->name);
    puts("--help\n--version'\n"
         "        COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
         "        return\n"
         "    fi\n"
         "    case $command in");
    for (size_t i = 0; momu_command_at(i); i++)
        bash_command(momu_command_at(i));
    puts("    esac\n"
         "    if [ -z \"$kind\" ]; then\n"
         "        case $current in\n"
         "        -?*) words=$options; kind=words ;;\n"
         "        *) if [ -n \"$words\" ]; then kind=words; else kind=file; fi ;;\n"
         "        esac\n"
         "    fi\n"
         "    case $kind in\n"
         "    words) COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
         "        case ${COMPREPLY[*]} in *\\ *) compopt -o filenames 2>/dev/null ;; esac ;;\n"
         "    file) compopt -o filenames 2>/dev/null\n"
         "        COMPREPLY=($(compgen -f -- \"$current\")) ;;\n"
         "    esac\n"
         "}\n"
         "complete -F _momu momu");
}

/* ---- zsh ---- */

/* Text within single quotes, which end before one of the text's own; `special` get a backslash. */
static void zsh_quoted(const char *text, const char *special) {
    for (; *text; text++)
        if (*text == '\'')
            printf("'\\''");
        else
            printf("%s%c", strchr(special, *text) ? "\\" : "", *text);
}

static void zsh_option(const momu_option *option) {
    printf(" \\\n            ");
    if (has_letter(option))
        printf("'(-%c --%s)'{-%c%s,--%s%s}'[", option->id, option->name, option->id,
               option->value ? "+" : "", option->name, option->value ? "=" : "");
    else
        printf("'--%s%s[", option->name, option->value ? "=" : "");
    zsh_quoted(option->help, "[]:\\");
    putchar(']');
    if (option->value)
        printf(":%s:", option->value);
    if (option->choice) {
        putchar('(');
        for (int32_t i = 0; option->choice(i); i++) {
            printf("%s", i ? " " : "");
            put_quoted(option->choice(i), " ", "\\");
        }
        putchar(')');
    } else if (takes_file(option)) {
        printf("_files");
    }
    putchar('\'');
}

static void zsh_command(const momu_command *command) {
    printf("        %s)\n            _arguments -s -S", command->name);
    for (size_t i = 0; momu_option_at(command, i); i++)
        zsh_option(momu_option_at(command, i));
    if (command->words) {
        printf(" \\\n            '1:argument:(");
        for (int i = 0; command->words[i]; i++)
            printf("%s%s", i ? " " : "", command->words[i]);
        puts(")' ;;");
    } else {
        puts(" \\\n            '*:file:_files' ;;");
    }
}

static void print_zsh(void) {
    puts("#compdef momu\n"
         "# zsh completion for momu, made by `momu completions zsh`\n"
         "_momu() {\n"
         "    local state\n"
         "    local -a commands\n"
         "    commands=(");
    for (size_t i = 0; momu_command_at(i); i++) {
        printf("        '%s:", momu_command_at(i)->name);
        zsh_quoted(momu_command_at(i)->summary, ":");
        puts("'");
    }
    puts("    )\n"
         "    _arguments '(- *)'{-h,--help}'[print help]' '(- *)'{-V,--version}'[print the "
         "version]' \\\n"
         "        '1:command:->command' '*::argument:->argument'\n"
         "    case $state in\n"
         "    command) _describe command commands ;;\n"
         "    argument)\n"
         "        case $words[1] in");
    for (size_t i = 0; momu_command_at(i); i++)
        zsh_command(momu_command_at(i));
    puts("        esac ;;\n"
         "    esac\n"
         "}\n"
         "if [ \"$funcstack[1]\" = _momu ]; then _momu \"$@\"; else compdef _momu momu; fi");
}

/* ---- fish ---- */

static void fish_option(const char *command, const momu_option *option) {
    printf("complete -c momu -n '__fish_seen_subcommand_from %s'", command);
    if (has_letter(option))
        printf(" -s %c", option->id);
    printf(" -l %s", option->name);
    if (option->value)
        printf(takes_file(option) ? " -r -F" : " -x");
    if (option->choice) {
        printf(" -a '");
        for (int32_t i = 0; option->choice(i); i++) {
            printf("%s", i ? " " : "");
            put_quoted(option->choice(i), " ", "\\\\");
        }
        putchar('\'');
    }
    printf(" -d '");
    put_quoted(option->help, "'\\", "\\");
    puts("'");
}

static void fish_command(const momu_command *command) {
    printf("complete -c momu -n __fish_use_subcommand -f -a %s -d '", command->name);
    put_quoted(command->summary, "'\\", "\\");
    puts("'");
    for (int i = 0; command->words && command->words[i]; i++)
        printf("complete -c momu -n '__fish_seen_subcommand_from %s' -f -a %s\n", command->name,
               command->words[i]);
    for (size_t i = 0; momu_option_at(command, i); i++)
        fish_option(command->name, momu_option_at(command, i));
}

static void print_fish(void) {
    puts("# fish completion for momu, made by `momu completions fish`\n"
         "complete -c momu -n __fish_use_subcommand -f -s h -l help -d 'print help'\n"
         "complete -c momu -n __fish_use_subcommand -f -s V -l version -d 'print the version'");
    for (size_t i = 0; momu_command_at(i); i++)
        fish_command(momu_command_at(i));
}

/* ---- the sub-command ---- */

static int no_options(void *user, const momu_option *option, const char *text) {
    (void)user;
    (void)text;
    return momu_usage_error("completions", "unknown option --%s", option->name);
}

static int command_completions(int argc, char **argv) {
    static void (*const PRINT[])(void) = {print_bash, print_zsh, print_fish};
    int status = momu_parse(&momu_command_completions, argc, argv, no_options, NULL);
    if (status != MOMU_GO_ON)
        return status;
    for (int i = 0; optind + 1 == argc && SHELLS[i]; i++)
        if (strcmp(argv[optind], SHELLS[i]) == 0) {
            PRINT[i]();
            return MOMU_EXIT_OK;
        }
    return momu_usage_error("completions", "expected bash, zsh or fish");
}
