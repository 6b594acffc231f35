"""Running independent jobs on workers: local processes, or a Dask cluster."""

import os
import queue
import signal
import sys
import threading
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from multiprocessing import get_context, parent_process

from course_utils.cards import CourseError

MOST_RUNS = 20  # of a local process: TensorFlow does not give back some 15 MB of a CourseNet, 150 of a MobileNetV2


class Workers:
    """Workers that take one job at a time each. If one dies, its job is tried once more on a fresh one.

    Parameters
    ----------
    make_executor : callable
        Returns a `concurrent.futures.Executor` that takes one job at a time; called again when one broke or is used up.
    count : int
        Number of workers.
    release : callable
        Called at the end.
    most : int
        Jobs after which a worker is replaced.
    """

    def __init__(self, make_executor, count, release=lambda: None, most=sys.maxsize):
        self.count, self._release, self._make, self._most = count, release, make_executor, most
        self._idle = queue.Queue()
        for _ in range(count):
            self._idle.put((make_executor(), 0))

    def call(self, function, *arguments):
        """Return what a function returns on a worker; wait for it. May be called from several threads.

        Raises
        ------
        CourseError
            If a local process dies twice. Whatever the function itself raises is raised here, and what Dask raises
            where a worker of its own dies again and again.
        """
        executor, done = self._idle.get()
        try:
            for _ in range(2):
                if done >= self._most:
                    executor.shutdown()
                    executor, done = self._make(), 0
                try:
                    done += 1
                    return executor.submit(function, *arguments).result()
                except BrokenExecutor:
                    executor, done = self._make(), 0
            raise CourseError(
                "Expected a worker to finish. It died twice, perhaps for want of memory. Use fewer workers."
            )
        finally:
            self._idle.put((executor, done))

    def close(self):
        """Release the workers; no job is running any more."""
        for _ in range(self.count):
            self._idle.get()[0].shutdown()
        self._release()


def local(count):
    """Return that many local processes, as `Workers`."""

    def make():
        return ProcessPoolExecutor(1, get_context("spawn"), initializer=_begin)

    return Workers(make, count, most=MOST_RUNS)


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
    return Workers(lambda: client.get_executor(pure=False), len(threads), client.close)


def _begin():
    """Prepare a local process: Ctrl+C is for the one that waits, and when that has ended, this one ends too."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=lambda: (parent_process().join(), os._exit(1)), daemon=True).start()
