/* A context and a model for one sub-command; Ctrl-C cancels what runs. */
#define _POSIX_C_SOURCE 200809L
#include "command.h"

#include <signal.h>
#include <string.h>

/* A signal handler has nothing but globals. */
static momu_context *volatile interrupted_context;

static void interrupt(int signal_number) {
    (void)signal_number;
    momu_context_cancel(interrupted_context);
}

/* The first Ctrl-C cancels; a second one ends the program as usual. */
static void catch_interrupts(momu_context *context) {
    interrupted_context = context;
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = interrupt;
    action.sa_flags = (int)SA_RESETHAND;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

static bool makes_keypoints(const momu_model *model) {
    momu_model_info info = {.struct_size = sizeof info};
    return momu_model_get_info(model, &info) == MOMU_OK && strcmp(info.layout, "body3d") != 0;
}

int momu_session_open(momu_session *session, momu_arguments *arguments, bool model) {
    *session = (momu_session){.command = arguments->command};
    momu_context_options options;
    momu_context_options_init(&options, sizeof options);
    options.threads = arguments->threads ? arguments->threads : momu_processors();
    momu_error error = {0};
    momu_status status = momu_context_create(&options, &session->context, &error);
    if (status == MOMU_OK) {
        catch_interrupts(session->context);
        if (model)
            status = momu_model_load(arguments->model, NULL, &session->model, &error);
    }
    if (status == MOMU_OK) {
        arguments->keypoints = model && makes_keypoints(session->model);
        return MOMU_EXIT_OK;
    }
    momu_session_close(session);
    return momu_report(arguments->command, status, error.message, false);
}

int momu_session_find_model(momu_session *session, const char *path) {
    momu_error error = {0};
    momu_status status = momu_model_load(path, NULL, &session->model, &error);
    if (status == MOMU_OK || (!path && status == MOMU_ERROR_NOT_FOUND))
        return MOMU_EXIT_OK;
    return momu_report(session->command, status, error.message, false);
}

void momu_session_close(momu_session *session) {
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    interrupted_context = NULL;
    momu_model_release(session->model);
    momu_context_destroy(session->context);
    session->model = NULL;
    session->context = NULL;
}
