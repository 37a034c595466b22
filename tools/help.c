/* Help of a sub-command, from its table of options, in lines of less than 80 columns. */
#include "command.h"

#include <ctype.h>
#include <string.h>

enum { COLUMNS = 79, OPTION_INDENT = 29 };

void momu_print_wrapped(const char *text, int column, int indent) {
    while (*text) {
        const char *end = strpbrk(text, " \n");
        int size = end ? (int)(end - text) : (int)strlen(text);
        if (column + 1 + size > COLUMNS && column > indent) {
            printf("\n%*s", indent, "");
            column = indent;
        } else if (column > indent) {
            putchar(' ');
            column++;
        }
        printf("%.*s", size, text);
        column += size;
        text += size;
        if (*text == '\n') {
            printf("\n%*s", text[1] ? indent : 0, "");
            column = indent;
        }
        text += *text != '\0';
    }
    putchar('\n');
}

static void print_option(const momu_option *option) {
    char left[64], letter[8] = "    ";
    if (option->id < 256 && isalpha(option->id))
        snprintf(letter, sizeof letter, "-%c, ", option->id);
    int column = snprintf(left, sizeof left, "  %s--%s%s%s", letter, option->name,
                          option->value ? " " : "", option->value ? option->value : "");
    if (column + 2 > OPTION_INDENT)
        printf("%s\n%*s", left, OPTION_INDENT, "");
    else
        printf("%-*s", OPTION_INDENT, left);
    momu_print_wrapped(option->help, OPTION_INDENT, OPTION_INDENT);
}

void momu_print_help(const momu_command *command) {
    const char *line = command->usage;
    for (int i = 0; *line; i++) {
        int size = (int)strcspn(line, "\n");
        printf("%s momu %s %.*s\n", i == 0 ? "Usage:" : "      ", command->name, size, line);
        line += size + (line[size] == '\n');
    }
    momu_print_wrapped(command->text, 0, 0);
    puts("\nOptions:");
    for (size_t i = 0; momu_option_at(command, i); i++)
        print_option(momu_option_at(command, i));
}
