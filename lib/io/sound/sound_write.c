/* Sound out through libsndfile, into a file beside the wanted one. */
#include "io/extension.h"
#include "io/sound/sound.h"

#include <math.h>
#include <sndfile.h>

/* In blocks: libsndfile's Vorbis encoder keeps a whole call's analysis on its stack. */
enum { BLOCK = 4096 };

static momu_status choose_format(const momui_audio *audio, const char *path, int samples,
                                 SF_INFO *info, momu_error *error) {
    if (momui_has_extension(path, ".wav"))
        info->format = SF_FORMAT_WAV | samples;
    else if (momui_has_extension(path, ".flac"))
        info->format = SF_FORMAT_FLAC | samples;
    else if (momui_has_extension(path, ".ogg"))
        info->format = SF_FORMAT_OGG | SF_FORMAT_VORBIS;
    else
        return momui_fail(error, MOMU_ERROR_UNSUPPORTED,
                          "%s: sound is written as .wav, .flac or .ogg, not with this ending",
                          path);
    if (!(audio->rate >= 1000 && audio->rate <= 768000) || audio->rate != floor(audio->rate))
        return momui_fail(error, MOMU_ERROR_ARGUMENT,
                          "%s: sound files need a whole number of frames a second, 1000 to 768000",
                          path);
    info->samplerate = (int)audio->rate;
    info->channels = audio->channels;
    if (!sf_format_check(info))
        return momui_fail(error, MOMU_ERROR_UNSUPPORTED,
                          "%s: this format holds no sound of %d channels at %d frames a second",
                          path, (int)audio->channels, info->samplerate);
    if ((info->format & SF_FORMAT_TYPEMASK) == SF_FORMAT_WAV &&
        audio->frames > (int64_t)(UINT32_MAX - 4096) / 3 / audio->channels)
        return momui_fail(error, MOMU_ERROR_LIMIT,
                          "%s: too long for a .wav (4 GiB); write .flac instead", path);
    return MOMU_OK;
}

static momu_status check_finite(const momui_audio *audio, const char *path, momu_error *error) {
    for (int64_t i = 0; i < audio->frames * audio->channels; i++)
        if (!isfinite(audio->samples[i]))
            return momui_fail(error, MOMU_ERROR_NUMERIC,
                              "%s: frame %lld of the sound is not finite", path,
                              (long long)(i / audio->channels));
    return MOMU_OK;
}

static momu_status write_frames(const momui_audio *audio, const char *temporary, SF_INFO *info,
                                const char *path, momu_error *error) {
    SNDFILE *file = sf_open(temporary, SFM_WRITE, info);
    if (!file)
        return momui_fail(error, MOMU_ERROR_IO, "%s: could not be written: %s", path,
                          sf_strerror(NULL));
    double quality = 0.6;
    sf_command(file, SFC_SET_VBR_ENCODING_QUALITY, &quality, sizeof quality);
    sf_command(file, SFC_SET_CLIPPING, NULL, SF_TRUE);
    int64_t done = 0;
    while (done < audio->frames) {
        int64_t want = audio->frames - done < BLOCK ? audio->frames - done : BLOCK;
        if (sf_writef_float(file, audio->samples + done * audio->channels, want) != want)
            break;
        done += want;
    }
    momu_status status = MOMU_OK;
    if (done < audio->frames)
        status = momui_fail(error, MOMU_ERROR_IO, "%s: could not be written at frame %lld: %s",
                            path, (long long)done, sf_strerror(file));
    if (sf_close(file) != 0 && status == MOMU_OK)
        status = momui_fail(error, MOMU_ERROR_IO, "%s: could not be written to its end", path);
    return status;
}

static momu_status write_sound(const momui_audio *audio, const char *path, int samples,
                               momu_error *error) {
    SF_INFO info = {0};
    MOMUI_TRY(choose_format(audio, path, samples, &info, error));
    MOMUI_TRY(check_finite(audio, path, error));
    char *temporary = momui_temporary_path(audio->memory, path);
    if (!temporary)
        return momui_fail_memory(error, "a file name");
    momu_status status = write_frames(audio, temporary, &info, path, error);
    if (status == MOMU_OK)
        status = momui_commit_temporary(temporary, path, error);
    else
        momui_discard_temporary(temporary);
    momui_free(temporary);
    return status;
}

momu_status momui_sound_write(const momui_audio *audio, const char *path, momu_error *error) {
    return write_sound(audio, path, SF_FORMAT_PCM_24, error);
}

momu_status momui_sound_write_16(const momui_audio *audio, const char *path, momu_error *error) {
    return write_sound(audio, path, SF_FORMAT_PCM_16, error);
}
