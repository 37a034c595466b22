# %% [markdown]
# # Telling it what to make
# Genre, tempo, beats and energy can be asked for, if the model was trained for them. `python told_what_to_make.py`

# %%
import numpy as np

import momu

model = momu.load()
print("this model can be told:", ", ".join(name for bit, name in enumerate(["genre", "tempo", "energy", "beats", "known spans"])
                                         if model.info["controls_trained"] >> bit & 1) or "nothing")

# %% A song and a dance of eight seconds, house at 124 beats a minute, growing louder.
if model.info["controls_trained"]:
    beats = np.arange(0, 8, 60 / 124)
    song, dance = model.joint(8, seed=3, genre="house", beats=beats, beats_per_bar=4, energy=[0.2, 0.9])
else:
    song, dance = model.joint(8, seed=3)
song.write("told.wav")
dance.write("told.bvh")
print(f"tempo {song.info['tempo']:.1f}, beats agree with F1 {song.info['beat_agreement']:.2f}")

# %% Its beats, as the library hears them, beside those asked for.
heard = song.beats().times
if model.info["controls_trained"] and len(heard):
    distance = np.abs(heard[:, None] - beats[None]).min(axis=1)
    print(f"{(distance < 0.07).mean():.0%} of the beats heard are where they were asked for")
