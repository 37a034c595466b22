#include "train/corpus/music/genre_styles.h"

const momui_genre *momui_genre_of(int32_t genre) {
    static const momui_genre *const genres[MOMUI_SONG_GENRES] = {
        &momui_house, &momui_techno,    &momui_hip_hop,       &momui_funk,      &momui_pop,
        &momui_rock,  &momui_synthwave, &momui_drum_and_bass, &momui_reggaeton, &momui_cha_cha,
        &momui_rumba, &momui_waltz,     &momui_swing,         &momui_ballad};
    return genres[genre - 1];
}
