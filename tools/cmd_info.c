/* momu info [MODEL] */
#include "command.h"

static int command_info(int argc, char **argv);

const momu_command momu_command_info = {
    .name = "info",
    .run = command_info,
    .summary = "what a model is, where it comes from, what it can do",
    .usage = "[MODEL] [--json]",
    .text =
        "Prints what a model is, where it comes from and what it can do; without MODEL those of "
        "the default model.",
    .shared = " json "};

static const char *const control_names[] = {"genre", "tempo", "energy", "beats", "inpainting"};

static void list_controls(uint32_t trained, char text[128]) {
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < sizeof control_names / sizeof *control_names; i++)
        if (trained & (1u << i))
            used += (size_t)snprintf(text + used, 128 - used, "%s%s", used ? ", " : "",
                                     control_names[i]);
}

static void print_json(const momu_model_info *m, const char *controls) {
    momu_json json;
    momu_json_open(&json, stdout);
    momu_json_text(&json, "version", momu_version());
    momu_json_text(&json, "fft", momu_capability("fft"));
    momu_json_text(&json, "kernels", momu_capability("kernels"));
    momu_json_text(&json, "preset", m->preset);
    momu_json_text(&json, "license", m->license);
    momu_json_text(&json, "training_data", m->training_data);
    momu_json_text(&json, "trained_by", m->trained_by);
    momu_json_text(&json, "layout", m->layout);
    momu_json_text(&json, "vocoder", m->vocoder);
    momu_json_text(&json, "controls_trained", controls);
    momu_json_number(&json, "sample_rate", m->sample_rate);
    momu_json_number(&json, "frame_rate", m->frame_rate);
    momu_json_number(&json, "latent_rate", m->latent_rate);
    momu_json_integer(&json, "latent_channels", (uint64_t)m->latent_channels);
    momu_json_integer(&json, "parameters", m->parameters);
    momu_json_integer(&json, "memory_bytes", m->memory_bytes);
    momu_json_number(&json, "window_seconds", m->window_seconds);
    momu_json_number(&json, "max_seconds", m->max_seconds);
    momu_json_integer(&json, "sampling_steps", (uint64_t)m->sampling_steps);
    momu_json_text(&json, "sampler", momu_sampler_name(m->sampler));
    momu_json_number(&json, "guidance_music", m->guidance_music);
    momu_json_number(&json, "guidance_motion", m->guidance_motion);
    momu_json_number(&json, "guidance_start_music", m->guidance_start_music);
    momu_json_number(&json, "guidance_start_motion", m->guidance_start_motion);
    momu_json_number(&json, "joint_start", m->joint_start);
    momu_json_integer(&json, "classifies_genre", (uint64_t)m->classifies_genre);
    momu_json_integer(&json, "tracks_beats", (uint64_t)m->tracks_beats);
    momu_json_integer(&json, "reads_keypoints", (uint64_t)m->reads_keypoints);
    momu_json_close(&json);
}

/* A model from model-new states nothing. */
static const char *stated(const char *text) {
    return *text ? text : "not stated";
}

static void print_text(const momu_model_info *m, const char *controls) {
    printf("libmomu          %s (API %d, FFT %s, kernels %s)\n", momu_version(),
           (int)momu_api_version(), momu_capability("fft"), momu_capability("kernels"));
    printf("preset           %s, layout %s, %d joints, vocoder %s\n", m->preset, m->layout,
           (int)m->joints, m->vocoder);
    printf("licence          %s\n", stated(m->license));
    printf("training data    %s\n", stated(m->training_data));
    printf("trained by       %s\n", stated(m->trained_by));
    printf("parameters       %llu (%.1f MB in memory)\n", (unsigned long long)m->parameters,
           (double)m->memory_bytes / 1e6);
    printf("sound            %.0f Hz, features at %.3f Hz, latent of %d channels at %.3f Hz\n",
           m->sample_rate, m->frame_rate, (int)m->latent_channels, m->latent_rate);
    printf("length           up to %.0f s, in windows of %.0f s\n", m->max_seconds,
           m->window_seconds);
    printf(
        "sampling         %d steps, guidance %g (music, from %g on) and %g (motion, from %g on), "
        "joint start %g\n",
        (int)m->sampling_steps, m->guidance_music, m->guidance_start_music, m->guidance_motion,
        m->guidance_start_motion, m->joint_start);
    printf("controls         %s\n", *controls ? controls : "none trained");
    printf("dances           %s%s%s\n",
           m->reads_keypoints ? "2-D keypoints too" : "no 2-D keypoints",
           m->classifies_genre ? "; classifies their genre" : "",
           m->tracks_beats ? "; tracks their beats, and those of songs" : "");
}

static int command_info(int argc, char **argv) {
    momu_arguments a;
    int status = momu_read_arguments(&a, &momu_command_info, argc, argv);
    if (status != MOMU_GO_ON)
        return status;
    if (a.plain > 1)
        return momu_usage_error(a.command, "expected one model; see momu info --help");
    momu_model *model = NULL;
    momu_error error = {0};
    momu_input input = {0};
    if (momu_is_standard(a.input))
        status = momu_read_standard_input(a.command, &input);
    else
        status = MOMU_EXIT_OK;
    if (status != MOMU_EXIT_OK)
        return status;
    momu_status loaded = input.data
                             ? momu_model_load_memory(input.data, input.size, NULL, &model, &error)
                             : momu_model_load(a.input, NULL, &model, &error);
    momu_input_release(&input);
    if (loaded != MOMU_OK)
        return momu_report(a.command, loaded, error.message, false);
    momu_model_info info = {.struct_size = sizeof info};
    loaded = momu_model_get_info(model, &info);
    if (loaded != MOMU_OK)
        return momu_report(a.command, loaded, NULL, false);
    char controls[128];
    list_controls(info.controls_trained, controls);
    if (a.json)
        print_json(&info, controls);
    else
        print_text(&info, controls);
    momu_model_release(model);
    return MOMU_EXIT_OK;
}
