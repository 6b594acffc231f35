"""Running independent jobs on workers: local processes, or a Dask cluster."""

import os
import signal
import threading
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from multiprocessing import get_context, parent_process

from course_utils.cards import CourseError


class Workers:
    """Workers that take one job at a time each. If one dies, its job is tried once more, alone.

    Parameters
    ----------
    make_executor : callable
        Returns a `concurrent.futures.Executor`; called again when the one before broke.
        With the argument 1 it has a single worker.
    count : int
        Number of its workers.
    release : callable
        Called at the end.
    """

    def __init__(self, make_executor, count, release=lambda: None):
        self.count, self._release = count, release
        self._make, self._executor, self._lock = make_executor, make_executor(), threading.Lock()

    def call(self, function, *arguments):
        """Return what a function returns on a worker; wait for it. May be called from several threads.

        Raises
        ------
        CourseError
            If the worker dies twice. Whatever the function itself raises is raised here.
        """
        executor = self._executor
        try:
            return executor.submit(function, *arguments).result()
        except BrokenExecutor:  # the jobs of all workers end so, though only one of them died
            self._renew(executor)
        with self._make(1) as alone:  # what dies here is surely the one
            try:
                return alone.submit(function, *arguments).result()
            except BrokenExecutor:
                raise CourseError(
                    "Expected a worker to finish. It died twice, perhaps for want of memory. Use fewer workers."
                ) from None

    def _renew(self, broken):
        """Replace a broken executor, unless another thread has done so."""
        with self._lock:
            if self._executor is broken:
                broken.shutdown(wait=False)
                self._executor = self._make()

    def close(self):
        """Release the workers; no job is running any more."""
        self._executor.shutdown()
        self._release()


def local(count):
    """Return that many local processes, as `Workers`."""

    def make(number=count):
        return ProcessPoolExecutor(number, get_context("spawn"), initializer=_begin)

    return Workers(make, count)


def cluster(address):
    """Return the workers of a Dask cluster, as `Workers`.

    Parameters
    ----------
    address : str
        Of the scheduler, such as "tcp://10.0.0.1:8786".

    Raises
    ------
    CourseError
        If the package `distributed` is not installed, no scheduler answers, or it has no workers of one thread each.
    """
    try:
        from distributed import Client
    except ImportError:
        raise CourseError(
            "Expected the package 'distributed' for a Dask cluster. It is not installed: pip install distributed"
        ) from None
    try:
        client = Client(address, timeout=10)
    except (OSError, ValueError) as error:
        raise CourseError(
            f"Expected a Dask scheduler at {address}. None answered: {error}. Start one with `dask scheduler`, or "
            "leave --cluster out for local processes."
        ) from None
    threads = client.nthreads()
    if set(threads.values()) != {1}:
        client.close()
        raise CourseError(
            f"Expected Dask workers with one thread each. Received {len(threads)} workers with threads "
            f"{sorted(threads.values())}. Start them with `dask worker {address} --nthreads 1`."
        )
    # A worker that dies is replaced by Dask itself, and its job tried again there; after some deaths it gives up.
    return Workers(lambda _=None: client.get_executor(pure=False), len(threads), client.close)


def _begin():
    """Prepare a local process: Ctrl+C is for the one that waits, and when that has ended, this one ends too."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=lambda: (parent_process().join(), os._exit(1)), daemon=True).start()
