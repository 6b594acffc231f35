"""Open the course in JupyterLab: notebook 00, in the course's folder.

    python -m course_utils.commands.lab

What a person's own settings of Jupyter say about folders does not count here; their others do. Further arguments go to
JupyterLab.
"""

import sys

from jupyterlab.labapp import main

from course_utils import ROOT

START = "/lab/tree/notebooks/00_start_here.ipynb"
FILES = "jupyter_server.services.contents.largefilemanager.AsyncLargeFileManager"
KERNELS = "jupyter_server.services.kernels.kernelmanager.AsyncMappingKernelManager"
FOLDERS = (
    *("ServerApp.root_dir", "ServerApp.preferred_dir", "AsyncMappingKernelManager.root_dir"),
    *("AsyncLargeFileManager.root_dir", "AsyncLargeFileManager.preferred_dir"),
)


def flags():
    """Return the arguments that keep JupyterLab in the course's folder: they overrule settings in files."""
    managers = [f"--ServerApp.contents_manager_class={FILES}", f"--ServerApp.kernel_manager_class={KERNELS}"]
    return [f"--LabApp.default_url={START}", *managers, *(f"--{folder}={ROOT}" for folder in FOLDERS)]


if __name__ == "__main__":
    sys.exit(main([*flags(), *sys.argv[1:]]))
