/* The result of a generation, as JSON or in words. */
#include "command.h"

static void print_json(const momu_arguments *arguments, const char *audio_path,
                       const char *motion_path, const momu_generate_info *info) {
    momu_json json;
    momu_json_open(&json, momu_text_output(arguments->output));
    if (audio_path)
        momu_json_text(&json, "audio", audio_path);
    if (motion_path)
        momu_json_text(&json, "motion", motion_path);
    momu_json_number(&json, "seconds", info->seconds);
    momu_json_integer(&json, "latent_frames", (uint64_t)info->latent_frames);
    momu_json_integer(&json, "seed", info->seed);
    momu_json_integer(&json, "steps", (uint64_t)info->steps);
    momu_json_text(&json, "sampler", momu_sampler_name(info->sampler));
    momu_json_number(&json, "guidance_music", info->guidance_music);
    momu_json_number(&json, "guidance_motion", info->guidance_motion);
    momu_json_number(&json, "guidance_rescale", info->guidance_rescale);
    momu_json_number(&json, "guidance_start_music", info->guidance_start_music);
    momu_json_number(&json, "guidance_start_motion", info->guidance_start_motion);
    momu_json_number(&json, "joint_start", info->joint_start);
    momu_json_text(&json, "genre", info->genre > 0 ? momu_genre_name(info->genre) : "none");
    momu_json_number(&json, "genre_confidence", info->genre_confidence);
    momu_json_number(&json, "tempo_used", info->tempo_used);
    momu_json_number(&json, "beats_confidence", info->beats_confidence);
    momu_json_number(&json, "peak", info->peak);
    momu_json_number(&json, "rms", info->rms);
    momu_json_number(&json, "flatness", info->flatness);
    if (!arguments->keypoints) {
        momu_json_number(&json, "skate_before", info->skate_before);
        momu_json_number(&json, "skate_after", info->skate_after);
    }
    momu_json_number(&json, "beat_agreement", info->beat_agreement);
    momu_json_number(&json, "beat_agreement_chance", info->beat_agreement_chance);
    momu_json_number(&json, "tempo", info->tempo);
    momu_json_number(&json, "tempo_confidence", info->tempo_confidence);
    momu_json_number(&json, "motion_tempo", info->motion_tempo);
    momu_json_number(&json, "motion_tempo_confidence", info->motion_tempo_confidence);
    momu_json_integer(&json, "joints_filled", info->joints_filled);
    momu_json_close(&json);
}

/* Chance is what the same beats score at random offsets; an F1 that is hardly above it says nothing
 * of the dance. */
static void print_agreement(FILE *out, const momu_generate_info *info) {
    static const double MARGIN = 0.05;
    double f1 = info->beat_agreement, chance = info->beat_agreement_chance;
    if (f1 <= chance + MARGIN)
        fprintf(out, "beats agree F1 %.2f within 70 ms, no better than chance (%.2f)\n", f1,
                chance);
    else
        fprintf(out, "beats agree F1 %.2f within 70 ms (%.2f by chance)\n", f1, chance);
}

void momu_print_result(const momu_arguments *arguments, const char *audio_path,
                       const char *motion_path, const momu_generate_info *info) {
    if (arguments->json) {
        print_json(arguments, audio_path, motion_path, info);
        return;
    }
    if (arguments->quiet)
        return;
    FILE *out = momu_text_output(arguments->output);
    if (info->genre_confidence > 0)
        fprintf(out, "genre of the dance: %s (probability %.2f)\n", momu_genre_name(info->genre),
                info->genre_confidence);
    if (info->beats_confidence > 0)
        fprintf(out, "tempo of the input: %.1f beats a minute (probability %.2f)\n",
                info->tempo_used, info->beats_confidence);
    if (audio_path)
        fprintf(out, "%s: %.2f s, peak %.2f, tempo %.1f (confidence %.2f)\n", audio_path,
                info->seconds, info->peak, info->tempo, info->tempo_confidence);
    if (motion_path && arguments->keypoints)
        fprintf(out, "%s: %.2f s of 2-D keypoints\n", motion_path, info->seconds);
    else if (motion_path)
        fprintf(out, "%s: %.2f s, foot skate %.1f cm/s (%.1f before the foot lock)\n", motion_path,
                info->seconds, info->skate_after, info->skate_before);
    print_agreement(out, info);
    fprintf(out, "seed %llu, %d steps of %s\n", (unsigned long long)info->seed, (int)info->steps,
            momu_sampler_name(info->sampler));
}
