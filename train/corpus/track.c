/* The music of a pair. */
#include "train/corpus/music/soundfont.h"
#include "train/corpus/sample_writer.h"

#include <stdio.h>
#include <string.h>

static momu_status compose(const momui_studio *studio, momui_band *band, const momui_item *item,
                           momui_piece *piece, momu_error *error) {
    momui_song song = {0};
    momu_status status = momui_song_compose(studio->memory, item->genre, item->seconds,
                                            item->music_seed, &song, error);
    if (status == MOMU_OK)
        status = momui_band_play(band, &song, &piece->sound, error);
    snprintf(piece->kind, sizeof piece->kind, "composed");
    snprintf(piece->title, sizeof piece->title, "%s", song.title);
    snprintf(piece->source, sizeof piece->source, "%s", momui_band_name(band));
    const momui_soundfont_licence *known = momui_soundfont_licence_of(momui_band_name(band));
    snprintf(piece->licence, sizeof piece->licence, "%s", known ? known->licence : "not known");
    piece->speed = 1;
    if (status == MOMU_OK) {
        piece->grid = song.grid;
        song.grid = (momui_grid){0};
    }
    momui_song_release(&song);
    return status;
}

static momu_status record(const momui_studio *studio, const momui_item *item, momui_piece *piece,
                          momu_error *error) {
    momui_real_stretch stretch = {0};
    MOMUI_TRY(momui_real_draw(studio->memory, studio->library, item->split, item->music_seed,
                              item->seconds, MOMUI_CORPUS_RATE, &stretch, error));
    snprintf(piece->kind, sizeof piece->kind, "recorded");
    memcpy(piece->title, stretch.title, sizeof piece->title);
    memcpy(piece->source, stretch.source, sizeof piece->source);
    memcpy(piece->licence, stretch.licence, sizeof piece->licence);
    piece->from = stretch.from;
    piece->speed = stretch.speed;
    piece->pitch = stretch.pitch;
    piece->grid = stretch.grid;
    piece->sound = stretch.sound;
    stretch.grid = (momui_grid){0};
    stretch.sound = NULL;
    momui_real_stretch_release(&stretch);
    return MOMU_OK;
}

momu_status momui_piece_make(const momui_studio *studio, momui_band *band, const momui_item *item,
                             momui_piece *piece, momu_error *error) {
    *piece = (momui_piece){0};
    momu_status status =
        item->real ? record(studio, item, piece, error) : compose(studio, band, item, piece, error);
    if (status == MOMU_OK && (piece->grid.beat_count < 4 || piece->grid.seconds < 2))
        status = momui_fail(error, MOMU_ERROR_INTERNAL, "%s: %s: has %zu beats in %.1f s",
                            item->stem, piece->title, piece->grid.beat_count, piece->grid.seconds);
    if (status != MOMU_OK)
        momui_piece_release(piece);
    return status;
}

void momui_piece_release(momui_piece *piece) {
    momui_grid_release(&piece->grid);
    momui_audio_free(piece->sound);
    piece->sound = NULL;
}
