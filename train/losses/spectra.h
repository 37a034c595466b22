/* Operations on sound inside a graph, forward and backward: what a vocoder is trained with. */
#ifndef MOMUI_TRAIN_LOSSES_SPECTRA_H
#define MOMUI_TRAIN_LOSSES_SPECTRA_H

#include "nn/nn.h"

/* Resolutions of the SPECTRA discriminator, and those of a vocoder's error. */
enum { MOMUI_SPECTRUM_SCALES = 3, MOMUI_ERROR_SCALES = 4, MOMUI_LONGEST_WINDOW = 2048 };

/* wave (B, samples) -> (B, frames, bins): |STFT|^0.3 at scale 0..3 (windows of 1024, 512, 256 and
 * 2048 samples, a quarter of it as hop, Hann, no padding). */
momui_tensor *momui_op_magnitudes(momui_graph *g, momui_tensor *wave, int scale);

/* head (B, frames, n_fft + 2), log magnitudes then phases -> wave (B, frames * hop): the inverse
 * transform of docs/networks.md, "Vocoder". */
momui_tensor *momui_op_wave_from_head(momui_graph *g, momui_tensor *head, int32_t n_fft,
                                      int32_t hop);

/* wave (B, samples) -> (B, samples/hop, bands): log10 mels, filters (bands, n_fft/2 + 1), the
 * signal reflected by (n_fft - hop)/2 at both ends, as momui_mel. */
momui_tensor *momui_op_log_mel(momui_graph *g, momui_tensor *wave, int32_t n_fft, int32_t hop,
                               momui_tensor *filters);

#endif
