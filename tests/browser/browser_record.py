"""What is written down of moves: a row a control, and other notebooks' rows are kept."""

import tempfile
import unittest
from pathlib import Path
from unittest import mock

import record
from walking import Moved

TIMES = (30.4, None, 10.0, 20.0, *range(40, 56))


def moved(label, milliseconds=TIMES):
    return Moved("measured_chart", label, "recorded", milliseconds, (), True)


class Record(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        patch = mock.patch.object(record, "PATH", Path(folder.name) / "record.csv")
        patch.start()
        self.addCleanup(patch.stop)

    def test_percentile_is_one_of_the_values(self):
        values = list(range(1, 21))
        self.assertEqual([record.percentile(values, share) for share in (0.5, 0.95, 1)], [10, 19, 20])
        self.assertEqual(record.percentile([7], 0.95), 7)

    def test_row_counts_moves_and_those_that_were_seen(self):
        (row,) = record.rows("05", [moved("similarity")])
        self.assertEqual((row["moves"], row["changed"], row["median_ms"], row["p95_ms"]), (20, 19, "46", "55"))
        self.assertTrue(row["processor"])

    def test_control_that_changed_nothing_has_no_times(self):
        (row,) = record.rows("05", [moved("similarity", (None, None))])
        self.assertEqual((row["changed"], row["median_ms"], row["p95_ms"]), (0, "", ""))

    def test_rows_of_a_notebook_replace_its_older_ones_only(self):
        for number, label in (("05", "old"), ("03", "kept"), ("05", "new")):
            record.write(list(record.rows(number, [moved(label)])))
        lines = record.PATH.read_text().splitlines()
        self.assertEqual([line.split(",")[:3] for line in lines[1:]], [
            ["03", "measured_chart", "kept"],
            ["05", "measured_chart", "new"],
        ])  # fmt: skip


if __name__ == "__main__":
    unittest.main()
