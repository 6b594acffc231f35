"""What JupyterHub has to know about the course: each learner's server begins with `hub/learner.py`.

A link to this file goes into /opt/tljh/config/jupyterhub_config.d/ (see hub/README.md). Limits and culling are in
config.yaml beside it. The test hub reads this file, too.
"""

from pathlib import Path

c = get_config()  # noqa: F821 - JupyterHub gives it

COURSE = Path(__file__).resolve().parents[2]
SHARED = COURSE.parent / "transfer-learning-shared"  # ImageNet weights and photographs: all may read, none may write

c.Spawner.cmd = ["/opt/tljh/user/bin/python", str(COURSE / "hub/learner.py")]
c.Spawner.default_url = "/lab/tree/notebooks/00_start_here.ipynb"
c.Spawner.environment = {"COURSE_WEIGHTS": str(SHARED / "weights"), "COURSE_DOWNLOADS": str(SHARED / "downloads")}
c.Spawner.start_timeout = 120

# Over the limit, the system ends the largest process, a kernel, and JupyterLab says so. By default it would end all.
c.SystemdSpawner.unit_extra_properties = {"OOMPolicy": "continue"}
c.SystemdSpawner.isolate_tmp = True
