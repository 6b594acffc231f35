"""JupyterHub's configuration on loopback: that of the course (tljh/course.py), for simulated learners.

`hub/loopback.py` starts it, and says in a file of settings which learners there are.
"""

import hmac
import json
import os
from pathlib import Path

from jupyterhub.auth import Authenticator

c = get_config()  # noqa: F821 - JupyterHub gives it
load_subconfig(str(Path(__file__).with_name("tljh") / "course.py"))  # noqa: F821

settings = json.loads(Path(os.environ["COURSE_HUB_SETTINGS"]).read_text())


class ListedAuthenticator(Authenticator):
    """Lets in the learners of the settings, each with a password of their own."""

    async def authenticate(self, handler, data):
        """Return the name, if its password is right."""
        password = settings["passwords"].get(data["username"])
        known = password is not None and hmac.compare_digest(password.encode(), data["password"].encode())
        return data["username"] if known else None


async def before_start(spawner):
    """Let the server of a learner who is meant to be idle close soon."""
    if spawner.user.name in settings["idle"]:
        spawner.args = [
            *spawner.args,
            "--MappingKernelManager.cull_idle_timeout=5",
            "--MappingKernelManager.cull_interval=2",
            "--ServerApp.shutdown_no_activity_timeout=5",
        ]


c.JupyterHub.authenticator_class = ListedAuthenticator
c.Authenticator.allowed_users = set(settings["passwords"])
c.JupyterHub.bind_url = f"http://127.0.0.1:{settings['port']}"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{settings['hub_port']}"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{settings['proxy_port']}"
c.ConfigurableHTTPProxy.command = settings["proxy"]
c.ConfigurableHTTPProxy.pid_file = f"{settings['folder']}/proxy.pid"
c.JupyterHub.db_url = f"sqlite:///{settings['folder']}/hub.sqlite"
c.JupyterHub.cookie_secret_file = f"{settings['folder']}/cookie_secret"

# Who measures asks the hub for the process of each server.
c.JupyterHub.services = [{"name": "measure", "api_token": settings["token"]}]
c.JupyterHub.load_roles = [
    {"name": "measure", "services": ["measure"], "scopes": ["admin:server_state", "list:users", "read:servers"]}
]

c.Spawner.cmd = [settings["python"], *c.Spawner.cmd[1:]]
c.Spawner.environment = {**c.Spawner.environment, **settings["environment"]}
c.Spawner.pre_spawn_hook = before_start
c.Spawner.poll_interval = 5
c.Spawner.start_timeout = c.Spawner.http_timeout = 600  # how long a crowd waits is what is measured
if settings["accounts"]:
    c.JupyterHub.spawner_class = "localprocess"
else:
    c.JupyterHub.spawner_class = "simple"
    c.SimpleLocalProcessSpawner.home_dir_template = f"{settings['folder']}/{{username}}"
    c.Spawner.args = ["--allow-root"]
