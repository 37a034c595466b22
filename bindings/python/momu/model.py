"""Models."""

from __future__ import annotations

from typing import Any

from ._backend import native
from ._context import Generation, Progress
from ._handle import Handle, Owned, path_bytes
from ._options import as_dict, fill
from ._verbs import Verbs
from .audio import Path
from .errors import check


class Model(Verbs, Owned):
    """A model, loaded from a file; path None: the default model. It is immutable, and several threads may use it at the same time."""

    _release = "momu_model_release"

    def __init__(self, path: Path | None = None) -> None:
        box, error = native.box(), native.struct("momu_error")
        status = native.call("momu_model_load", None if path is None else path_bytes(path), None, box, error)
        check(status, native.get(error, "message"))
        self._handle = Handle(native.unbox(box), self._release)

    @property
    def info(self) -> dict[str, Any]:
        """The fields of momu_model_info: preset, license, training_data, sample_rate (Hz), max_seconds, joints, ..."""
        handle, info = self._open(), native.struct("momu_model_info")
        check(native.call("momu_model_get_info", handle.address, info), None)
        return as_dict(info)

    def _generate(self, function: str, inputs: list[Owned], made: list[Any], threads: int | None, progress: Progress | None,
                  keywords: dict[str, Any]) -> list[Any]:
        if progress is not None and not callable(progress):
            raise TypeError(f"progress is {progress!r}; expected a callable (stage, done, total)")
        options, info = native.struct("momu_generate_options"), native.struct("momu_generate_info")
        handles = [self._open(), *[one._open() for one in inputs]]
        generation = Generation(function, handles, options, [kind._release for kind in made], info)
        generation.keep = fill(options, keywords)
        results = generation.run(threads, progress)
        fields = as_dict(info)
        return [kind._own(handle, fields) for kind, handle in zip(made, results)]

    def __repr__(self) -> str:
        if self.closed:
            return "Model(closed)"
        info = self.info
        return f"Model({info['preset']}, {info['parameters']} parameters, {info['layout']})"


def load(path: Path | None = None) -> Model:
    """Loads a model file. None: the default model, which is the file that MOMU_MODEL names, else the one installed with the library."""
    return Model(path)
