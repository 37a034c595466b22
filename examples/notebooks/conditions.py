# %% [markdown]
# # Conditions
# Genre, tempo, beats and energy condition the result, if the model was trained for them. `python conditions.py`

# %%
import numpy as np

import momu

model = momu.load()
CONTROLS = ("genre", "tempo", "energy", "beats", "inpainting")  # the bits of controls_trained, from the lowest
trained = [name for bit, name in enumerate(CONTROLS) if model.info["controls_trained"] >> bit & 1]
print("this model was trained for:", ", ".join(trained) or "no condition")

# %% A song and a dance of eight seconds, house at 124 beats per minute, growing louder. A notebook shows both.
beats = np.arange(0, 8, 60 / 124)
if trained:
    pair = model.joint(8, seed=3, genre="house", beats=beats, beats_per_bar=4, energy=[0.2, 0.9])
else:
    pair = model.joint(8, seed=3)
song, dance = pair
song.write("conditions.wav")
dance.write("conditions.bvh")
print(f"tempo {pair.info['tempo']:.1f}, beats agree with F1 {pair.info['beat_agreement']:.2f}")
pair

# %% The beats that the library tracks in the song, against those asked for.
tracked = song.beats().times
if trained and len(tracked):
    distance = np.abs(tracked[:, None] - beats[None]).min(axis=1)
    print(f"{(distance < 0.07).mean():.0%} of the tracked beats lie within 70 ms of one asked for")
