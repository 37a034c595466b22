/* momu preview DANCE [--audio SONG] -o PAGE.html */
#include "view_inputs.h"

static int command_preview(int argc, char **argv);

static const momu_option OPTIONS[] = {
    {"audio", "FILE", "the song", MOMU_VIEW_AUDIO, NULL},
    {"versus", "FILE", "a second dance, shown to the right of the first", MOMU_VIEW_VERSUS, NULL},
    {"title", "TEXT", "title of the page (default: the names of the files)", MOMU_VIEW_TITLE, NULL},
    {"model", "FILE", "the model whose beat tracker tracks the song (default: the default model)",
     MOMU_VIEW_MODEL, NULL},
    {"output", "FILE", "where the page goes", MOMU_OPTION_OUTPUT, NULL},
    {"quiet", NULL, "do not print where the page is", MOMU_OPTION_QUIET, NULL},
    {0}};

const momu_command momu_command_preview = {
    .name = "preview",
    .run = command_preview,
    .summary = "write a page that plays a dance and its music",
    .usage = "DANCE [--audio SONG] [--versus DANCE] -o PAGE.html\n--audio SONG -o PAGE.html",
    .text = "Writes a page for a browser, all in one file: the dancer in space, the sound in time "
            "with it, waveform, spectrogram, beats with hits (within 70 ms) and misses, feet on "
            "the ground, and how well the beats agree.",
    .options = OPTIONS};

static int command_preview(int argc, char **argv) {
    momu_view_arguments a;
    int status = momu_view_read_arguments(&a, &momu_command_preview, argc, argv);
    if (status != MOMU_GO_ON)
        return status;
    status = momu_view_check_output(&a, ".html .htm");
    momu_view_inputs in;
    if (status == MOMU_EXIT_OK)
        status = momu_view_open(&in, &a);
    if (status != MOMU_EXIT_OK)
        return status;
    momu_error error = {0};
    momui_writer page;
    momui_writer_init(&page, NULL);
    momu_status made = momui_page_make(NULL, &in.view, &page, &error);
    status = momu_view_put(&a, made, &page, &error, ": open it in a browser");
    momu_view_close(&in);
    return status;
}
