"""Makes the files that tests/io reads: what NumPy and the safetensors package write.

    python make_golden.py    (numpy, torch, safetensors)
"""
import numpy as np
import torch
from safetensors.torch import save_file

T, J = 3, 4
time = np.arange(T, dtype=np.float32)
offsets = np.array([[0, 0, 0], [0, 1, 0], [0, 0.5, 0], [0.25, 0, 0]], np.float32)
parents = np.array([-1, 0, 1, 0], np.int64)
half = time * 0.25
rotations = np.zeros((T, J, 4), np.float32)
rotations[..., 0] = 1
rotations[:, 0, 0] = np.cos(half)
rotations[:, 0, 3] = np.sin(half)  # about z: angle t/2
root = np.stack([time, 1 + 0 * time, 0 * time], 1)
np.savez_compressed("joints.npz", rotations=rotations, root=root, offsets=offsets, parents=parents,
                    fps=np.float32(62.5), joint_names=np.array(["hüfte", "spine", "head", "hand"]))

points = np.arange(4 * 17 * 2, dtype=np.float64).reshape(4, 17, 2)
confidence = np.ones((4, 17), np.float16)
confidence[1, 2] = 0.5
np.savez("keypoints.npz", keypoints=points, confidence=confidence, fps=30)

scored = np.arange(2 * 17 * 3, dtype=np.float32).reshape(2, 17, 3) / 1000
scored[1, 3] = np.nan
np.savez("scored.npz", keypoints2d=scored, fps=60)

np.save("fortran.npy", np.asfortranarray(np.arange(2 * 14 * 3, dtype=">f8").reshape(2, 14, 3)))
np.savez("objects.npz", positions=np.zeros((2, 3, 3)),
         joint_names=np.array(["a", "b", "c"], dtype=object))

save_file({
    "f32": torch.tensor([[1.5, -2.25], [3e-5, 4e7]], dtype=torch.float32),
    "f16": torch.tensor([1.5, -2.25, 6e-8, 65504], dtype=torch.float16),
    "bf16": torch.tensor([1.5, -2.25, 3.140625], dtype=torch.bfloat16),
    "i64": torch.tensor([7, -9], dtype=torch.int64),
    "scalar": torch.tensor(0.5),
    "empty": torch.zeros(0, 3),
}, "model.safetensors", metadata={"momu.format": "1", "words": "grüße \"quoted\"\n"})
