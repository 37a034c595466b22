/* The music of a pair. */
#include "train/corpus/music/soundfont.h"
#include "train/corpus/sample_writer.h"

#include <stdio.h>
#include <string.h>

static momu_status compose(const momui_synthesis_context *synthesis, momui_band *band,
                           const momui_corpus_sample *sample, momui_track *track,
                           momu_error *error) {
    momui_song song = {0};
    momu_status status = momui_song_compose(synthesis->memory, sample->genre, sample->seconds,
                                            sample->music_seed, &song, error);
    if (status == MOMU_OK)
        status = momui_band_play(band, &song, &track->sound, error);
    snprintf(track->kind, sizeof track->kind, "composed");
    snprintf(track->title, sizeof track->title, "%s", song.title);
    snprintf(track->source, sizeof track->source, "%s", momui_band_name(band));
    const momui_soundfont_licence *soundfont = momui_soundfont_licence_of(momui_band_name(band));
    snprintf(track->licence, sizeof track->licence, "%s",
             soundfont ? soundfont->licence : "not known");
    track->speed = 1;
    if (status == MOMU_OK) {
        track->grid = song.grid;
        song.grid = (momui_grid){0};
    }
    momui_song_release(&song);
    return status;
}

static momu_status record(const momui_synthesis_context *synthesis,
                          const momui_corpus_sample *sample, momui_track *track,
                          momu_error *error) {
    momui_recorded_segment segment = {0};
    MOMUI_TRY(momui_recorded_draw(synthesis->memory, synthesis->library, sample->split,
                                  sample->music_seed, sample->seconds, MOMUI_CORPUS_RATE, &segment,
                                  error));
    snprintf(track->kind, sizeof track->kind, "recorded");
    memcpy(track->title, segment.title, sizeof track->title);
    memcpy(track->source, segment.source, sizeof track->source);
    memcpy(track->licence, segment.licence, sizeof track->licence);
    track->from = segment.from;
    track->speed = segment.speed;
    track->pitch = segment.pitch;
    track->grid = segment.grid;
    track->sound = segment.sound;
    segment.grid = (momui_grid){0};
    segment.sound = NULL;
    momui_recorded_segment_release(&segment);
    return MOMU_OK;
}

momu_status momui_track_make(const momui_synthesis_context *synthesis, momui_band *band,
                             const momui_corpus_sample *sample, momui_track *track,
                             momu_error *error) {
    *track = (momui_track){0};
    momu_status status = sample->recorded ? record(synthesis, sample, track, error)
                                          : compose(synthesis, band, sample, track, error);
    if (status == MOMU_OK && (track->grid.beat_count < 4 || track->grid.seconds < 2))
        status =
            momui_fail(error, MOMU_ERROR_INTERNAL, "%s: %s: has %zu beats in %.1f s", sample->stem,
                       track->title, track->grid.beat_count, track->grid.seconds);
    if (status != MOMU_OK)
        momui_track_release(track);
    return status;
}

void momui_track_release(momui_track *track) {
    momui_grid_release(&track->grid);
    momui_audio_free(track->sound);
    track->sound = NULL;
}
