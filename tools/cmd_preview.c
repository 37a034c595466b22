/* momu preview DANCE [--audio SONG] -o PAGE.html */
#include "view_inputs.h"

static const char allowed[] = " audio versus title output model help ";

static int help(void) {
    puts("Usage: momu preview DANCE [--audio SONG] [--versus DANCE] -o PAGE.html\n"
         "A page for a browser, all in one file: the figure in space, the sound in time with it,\n"
         "wave, spectrogram, beats with hits (within 70 ms) and misses, feet on the ground, and\n"
         "the measured agreement. Without a dance, the song alone.\n\n"
         "Options:\n"
         "  --audio FILE             the song\n"
         "  --versus FILE            a second dance, beside the first\n"
         "  --title TEXT             what the page is called (the files' names)\n"
         "  --output FILE            where the page goes (also -o)\n"
         "  --model FILE             whose beat tracker tracks the song (the default model)\n"
         "  --help                   this help");
    return MOMU_EXIT_OK;
}

int momu_cmd_preview(int argc, char **argv) {
    momu_view_arguments a;
    int status = momu_view_read_arguments(&a, argc, argv, allowed);
    if (status != MOMU_EXIT_OK)
        return status;
    if (a.help)
        return help();
    status = momu_check_output(a.command, a.output, ".html .htm");
    momu_view_inputs in;
    if (status == MOMU_EXIT_OK)
        status = momu_view_open(&in, &a);
    if (status != MOMU_EXIT_OK)
        return status;
    momu_error error = {0};
    momu_status made = momui_page_write(NULL, &in.view, a.output, &error);
    if (made != MOMU_OK)
        status = momu_report(a.command, made, error.message, true);
    else
        printf("%s: open it in a browser\n", a.output);
    momu_view_close(&in);
    return status;
}
