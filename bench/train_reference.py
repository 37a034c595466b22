"""Times the steps of one stage in reference/ and counts their floating-point operations.

    python bench/train_reference.py STAGE MODEL PAIRS BATCH SECONDS

STAGE is music, motion, to-music or to-motion; MODEL a model file to start from; two threads.
Prints: steps a second over 20 steps after 3, GFLOP of a step, and GFLOP/s of sgemm in this run."""
import sys
import time
from pathlib import Path

import torch
from torch.utils.flop_counter import FlopCounterMode

sys.path.insert(0, str(Path(__file__).parent.parent / "reference"))
from momu_reference import bundle as bundles  # noqa: E402
from momu_reference.data import load  # noqa: E402
from momu_reference.trainer import Options, Recipe, Trainer  # noqa: E402
from train import NETWORKS  # noqa: E402

WARM, STEPS = 3, 20


class Timed(Trainer):
    """The same losses and the same optimiser; the loop is timed."""

    def loop(self, recipe: Recipe) -> None:
        loss, average = recipe.loss, recipe.average
        parameters = [p for p in recipe.network.parameters() if p.requires_grad]
        optimiser = torch.optim.AdamW(parameters, 1e-5, betas=(0.9, 0.98))
        smoothed = [p.detach().clone() for p in parameters]

        def step(i):
            optimiser.zero_grad()
            loss(i).backward()
            torch.nn.utils.clip_grad_norm_(parameters, 1.0)
            optimiser.step()
            if average:
                for mean, now in zip(smoothed, parameters):
                    mean.lerp_(now.detach(), 1e-3)

        with FlopCounterMode(display=False) as counter:
            loss(0).backward()
        for i in range(WARM):
            step(i)
        began = time.perf_counter()
        for i in range(STEPS):
            step(i)
        rate = STEPS / (time.perf_counter() - began)
        print(f"{rate:.4f} {counter.get_total_flops() / 1e9:.3f} {sgemm():.1f}")


def sgemm() -> float:
    """GFLOP/s of a large product, the best of five."""
    a, b = torch.randn(1536, 1536), torch.randn(1536, 1536)
    best = 1e9
    for _ in range(5):
        began = time.perf_counter()
        a @ b
        best = min(best, time.perf_counter() - began)
    return 2 * 1536 ** 3 / best / 1e9


def main() -> None:
    stage, model, pairs, batch, seconds = sys.argv[1:6]
    torch.set_num_threads(2)
    bundle = bundles.load(model)
    options = Options(STEPS, int(batch), float(seconds), None, 1, "cpu", gan=0)
    NETWORKS[stage](Timed(bundle, load(Path(pairs), bundle.config), options))


if __name__ == "__main__":
    main()
