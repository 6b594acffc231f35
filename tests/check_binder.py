"""What Binder would build, by repo2docker's own rules; `make check` runs it, for learners do not have repo2docker."""

import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from repo2docker.app import Repo2Docker

ROOT = Path(__file__).resolve().parents[1]


def tracked(folder):
    """Write what git would hand to Binder, as it is in the working tree, into a folder."""
    names = subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT, text=True).split("\0")[:-1]
    for name in names:
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes((ROOT / name).read_bytes())


class Binder(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.addClassCleanup(os.chdir, os.getcwd())
        tracked(Path(folder.name))
        os.chdir(folder.name)  # repo2docker looks there
        app = Repo2Docker()
        packs = (pack(app.base_image) for pack in app.buildpacks)
        cls.pack = next(pack for pack in packs if pack.detect())
        cls.pack.platform = "linux/amd64"
        cls.dockerfile = cls.pack.render({})

    def test_conda_makes_the_environment_with_the_python_that_is_named(self):
        self.assertEqual(type(self.pack).__name__, "CondaBuildPack")
        self.assertEqual(self.pack.python_version, "3.11")
        self.assertFalse(self.pack.separate_kernel_env)  # server and kernels share the one environment

    def test_the_repository_is_there_when_pip_reads_the_requirements(self):
        copied = self.dockerfile.index("COPY --chown=1000:1000 src/ ${REPO_DIR}/")
        self.assertGreater(self.dockerfile.index('--file "environment.yml"'), copied)

    def test_post_build_is_run(self):
        self.assertEqual(self.pack.get_post_build_scripts(), ["postBuild"])
        self.assertIn("RUN ./postBuild", self.dockerfile)

    def test_post_build_works_and_stops_at_a_mistake(self):
        script = Path("postBuild").read_text(encoding="utf-8")
        self.assertRegex(script, r"\A#!/usr/bin/env bash\n")
        self.assertRegex(script, r"(?m)^set -e$")
        subprocess.run(["bash", "-n", "postBuild"], check=True)
        for module in re.findall(r"python -m (course_utils\.[\w.]+)", script):
            self.assertTrue(Path(module.replace(".", "/") + ".py").is_file(), module)


if __name__ == "__main__":
    unittest.main()
