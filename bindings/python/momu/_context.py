"""Contexts of the library, and calls that let other threads run, obey Ctrl-C and report progress."""

from __future__ import annotations

import atexit
import operator
import os
import queue
import threading
from contextlib import contextmanager
from typing import Any, Callable, Iterator

import numpy as np

from ._backend import constant, native
from ._handle import Handle
from .errors import ArgumentError, check

Progress = Callable[[str, int, int], Any]
KEPT = 2  # idle contexts for each number of threads
CONTINUE, CANCEL, CANCELLED = constant("MOMU_CONTINUE"), constant("MOMU_CANCEL"), constant("MOMU_ERROR_CANCELLED")


class Context:
    """A momu_context. One call at a time may use it."""

    def __init__(self, threads: int) -> None:
        self.threads, self.process, self.address, self.tainted = threads, os.getpid(), 0, False
        options, error, box = native.struct("momu_context_options"), native.struct("momu_error"), native.box()
        native.set(options, "threads", threads)
        status = native.call("momu_context_create", options, box, error)
        check(status, native.get(error, "message"))
        self.address = native.unbox(box)

    def __del__(self, call: Any = native.call, process: Any = os.getpid) -> None:
        if self.address and self.process == process():  # a forked child does not have its threads
            call("momu_context_destroy", self.address)

    def cancel(self) -> None:
        """May be called while another thread's call runs."""
        self.tainted = True
        native.call("momu_context_cancel", self.address)


_idle: dict[int, list[Context]] = {}
atexit.register(_idle.clear)
os.register_at_fork(after_in_child=_idle.clear)


def default_threads() -> int:
    """As many as there are processors for this process, at most 256."""
    return min(256, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


@contextmanager
def leased(threads: int | None = None) -> Iterator[Context]:
    """A context that nobody else uses until the end of the block."""
    count = default_threads() if threads is None else threads
    if isinstance(count, bool) or not hasattr(count, "__index__") or not 1 <= operator.index(count) <= 256:
        raise ArgumentError(f"threads is {threads!r}; expected a whole number from 1 to 256")
    count = operator.index(count)
    idle = _idle.setdefault(count, [])
    try:
        context = idle.pop()
    except IndexError:
        context = Context(count)
    try:
        yield context
    finally:
        if not context.tainted and len(idle) < KEPT:  # a late request to stop would stop the next call
            idle.append(context)


def call(function: str, *arguments: Any) -> None:
    """A short call: files, arrays, beats."""
    with leased() as context:
        check(native.call(function, context.address, *arguments), native.call("momu_context_get_message", context.address))


class Generation:
    """One long call. A call from the main thread runs on a worker, so that Ctrl-C takes effect at once; progress always runs in the
    caller's thread. Only the worker holds the context, the inputs and the results, so a caller may leave early and the worker frees all."""

    def __init__(self, function: str, inputs: list[Handle], options: Any, releases: list[str], info: Any) -> None:
        self.function, self.inputs, self.options, self.releases, self.info = function, inputs, options, releases, info
        self.keep: Any = None  # what the options point to
        self.progress: Progress | None = None
        self.results: list[Handle] = []
        self.raised: BaseException | None = None
        self._lock = threading.Lock()
        self._context: Context | None = None
        self._left = threading.Event()  # the caller has left
        self._finished = threading.Event()
        self._asked: queue.SimpleQueue = queue.SimpleQueue()
        self._answers: queue.SimpleQueue = queue.SimpleQueue()

    def run(self, threads: int | None, progress: Progress | None) -> list[Handle]:
        """The handles of the results, in the order of `releases`."""
        self.progress = progress
        if threading.current_thread() is threading.main_thread():
            self._run_on_worker(threads)
        else:
            self._call(threads, self._ask)
        if self.raised is not None:
            raise self.raised
        return self.results

    def _call(self, threads: int | None, ask: Progress) -> None:
        with leased(threads) as context:
            with self._lock:
                self._context = context
            try:
                self._call_with(context, ask)
            finally:
                with self._lock:
                    self._context = None

    def _call_with(self, context: Context, ask: Progress) -> None:
        callback = None
        if self.progress is not None:
            address, user, callback = native.progress(ask)
            native.set(self.options, "progress", address)
            native.set(self.options, "progress_user", user)
        boxes = [native.box() for _ in self.releases]
        status = native.call(self.function, context.address, *[handle.address for handle in self.inputs], self.options, *boxes, self.info)
        del callback
        self.results = [Handle(native.unbox(box), release) for box, release in zip(boxes, self.releases)]
        if self.raised is None or status != CANCELLED:
            check(status, native.call("momu_context_get_message", context.address))

    def _ask(self, stage: str, done: int, total: int) -> int:
        """The callable's answer; what it raises is carried over the C frames."""
        try:
            answer = self.progress(stage, done, total) if self.progress is not None else True
            return CANCEL if isinstance(answer, (bool, np.bool_)) and not answer else CONTINUE
        except BaseException as error:
            self.raised = error
            return CANCEL

    # ---- the worker's side

    def _forward(self, *state: Any) -> int:
        self._asked.put(state)
        while not self._left.is_set():
            try:
                return self._answers.get(timeout=0.05)
            except queue.Empty:
                pass
        return CANCEL

    def _work(self, threads: int | None) -> None:
        try:
            if not self._left.is_set():  # an interrupt while the thread started: the caller has left
                self._call(threads, self._forward)
        except BaseException as error:
            self.raised = self.raised or error
        finally:
            self._finished.set()
            self._asked.put(None)

    # ---- the main thread's side

    def _run_on_worker(self, threads: int | None) -> None:
        worker = threading.Thread(target=self._work, args=(threads,), name="momu")
        try:
            worker.start()
            while (state := self._asked.get()) is not None:
                self._answers.put(self._ask(*state))
            worker.join()
        except BaseException as error:  # KeyboardInterrupt, above all
            self.raised = error
            self._left.set()
            if worker.ident is not None:  # it runs; one that has no ident yet will see that the caller has left
                while not self._finished.wait(0.01):
                    self._cancel()
                worker.join()
        finally:
            self._left.set()

    def _cancel(self) -> None:
        with self._lock:
            if self._context is not None and not self._context.tainted:
                self._context.cancel()
