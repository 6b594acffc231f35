"""What needs a Dask cluster, which learners do not have: `make check` runs it in the authors' environment."""

import tempfile
import unittest
from pathlib import Path

from distributed import KilledWorker, LocalCluster

from course_utils import scheduling
from course_utils.cards import CourseError
from tests.studies import sweep_fakes


def cluster(threads=1):
    """Return a cluster of two workers in processes of their own, which are told where these tests are."""
    return LocalCluster(n_workers=2, threads_per_worker=threads, processes=True, dashboard_address=None)


class Cluster(unittest.TestCase):
    """Jobs on a Dask cluster, as on local processes."""

    def test_two_workers_in_their_own_processes(self):
        with cluster() as made:
            workers = scheduling.cluster(made.scheduler_address)
            self.assertEqual(workers.count, 2)
            found = [workers.call(sweep_fakes.square, number) for number in range(8)]
            self.assertEqual([square for square, _ in found], [number**2 for number in range(8)])
            workers.close()

    def test_a_worker_that_dies(self):
        with cluster() as made, tempfile.TemporaryDirectory() as folder:
            workers = scheduling.cluster(made.scheduler_address)
            file = Path(folder) / "deaths"
            file.write_text("x")
            self.assertEqual(workers.call(sweep_fakes.die_while, file), "lived")
            file.write_text("\n".join("x" * 50))
            with self.assertRaisesRegex(KilledWorker, "died"):
                workers.call(sweep_fakes.die_while, file)
            workers.close()

    def test_workers_with_several_threads_are_refused(self):
        with cluster(threads=2) as made, self.assertRaisesRegex(CourseError, "one thread each"):
            scheduling.cluster(made.scheduler_address)

    def test_a_scheduler_that_is_not_there(self):
        with self.assertRaisesRegex(CourseError, "Expected a Dask scheduler at tcp://127.0.0.1:9"):
            scheduling.cluster("tcp://127.0.0.1:9")
