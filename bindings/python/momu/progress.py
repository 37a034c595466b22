"""Progress bars."""

from __future__ import annotations

from typing import Any, Callable


class _Bar:
    def __init__(self, make: Callable[..., Any], options: dict[str, Any]) -> None:
        self.make, self.options, self.stage, self.done = make, options, "", 0
        self.bar: Any = None

    def __call__(self, stage: str, done: int, total: int) -> None:
        if self.bar is None or stage != self.stage or done < self.done:
            self.close()
            self.bar, self.stage, self.done = self.make(total=total, desc=stage, **self.options), stage, 0
        self.bar.update(done - self.done)
        self.done = done
        if done >= total:
            self.close()

    def close(self) -> None:
        if self.bar is not None:
            self.bar.close()
        self.bar = None


def bar(make: Callable[..., Any], **options: Any) -> Callable[[str, int, int], None]:
    """A `progress` that shows a bar for each stage: progress=momu.bar(tqdm.tqdm). make(total=, desc=, **options) returns an object with
    update(n) and close()."""
    return _Bar(make, options)
