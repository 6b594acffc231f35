"""Make the environment the course runs in: `python -m course_utils.commands.setup [learners|authors|site|hub]`.

Standard library only, and in the syntax of Python 3.6, so that a Python too old for the course can still
run this far and say so in plain words.
"""

import argparse
import errno
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections import namedtuple
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SUPPORTED = ((3, 13), (3, 12), (3, 11))  # as requires-python in pyproject.toml, in the order of search

Environment = namedtuple("Environment", "folder requirements gigabytes")
ENVIRONMENTS = {
    "learners": Environment(".venv", "requirements.txt", 2.1),
    "authors": Environment(".venv-authors", "requirements-authors.txt", 0.4),
    "site": Environment(".venv-site", "site/requirements.txt", 0.4),
    "hub": Environment(".venv-hub", "hub/requirements.txt", 2.4),
}
WHEELS = "wheels"  # a folder that an offline bundle brings: packages, and for what they were made (MADE_FOR)
MADE_FOR = "made-for.json"
STAMP = "course-ready"  # a file in the environment: the fingerprint of what was installed, or UNFINISHED
UNFINISHED = "unfinished"

# JupyterLab otherwise greets a newcomer with a question about news, and looks for newer versions of itself.
LAB_SETTINGS = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}}

PROGRESS = ("Resolved", "Downloading", "Downloaded", "Prepared", "Collecting", "Installing", "Installed", "Bytecode")
FULL_DISK = ("no space left on device", "not enough space on the disk", "disk quota exceeded")
NO_NETWORK = (
    "failed to establish a new connection",
    "error sending request",
    "dns error",
    "name resolution",
    "getaddrinfo failed",
    "network is unreachable",
    "timed out",
    "proxyerror",
)
NO_WHEEL = ("no matching distribution found", "no wheels with a matching", "no wheel for the current platform")


class SetupError(Exception):
    """One sentence: what was expected, what was received, what to do."""


class NoNetwork(SetupError):
    """The installer could not reach a package index, and so changed nothing."""


def python_in(folder):
    """Return the path of the interpreter of a virtual environment."""
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def version_of(command):
    """Return the version a Python command reports, such as (3, 11, 7), or None if it does not run."""
    question = "import sys; print(*sys.version_info[:3])"
    try:
        answer = subprocess.run(
            command + ["-c", question], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, universal_newlines=True
        )
    except OSError:
        return None
    # A launcher that finds no such Python (pyenv, the Windows store) exits with an error.
    return tuple(int(part) for part in answer.stdout.split()) if answer.returncode == 0 else None


def working_uv():
    """Return the path of uv where it is installed and runs, else None."""
    uv = shutil.which("uv")
    runs = uv and subprocess.run([uv, "--version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return uv if runs and runs.returncode == 0 else None


def made_for():
    """Return for what an offline bundle was made, (system, machine, (3, 11)); None if this is no bundle."""
    path = ROOT / WHEELS / MADE_FOR
    if not path.is_file():
        return None
    try:
        system, machine, python = json.loads(path.read_text())
        return system, machine, tuple(python)
    except (ValueError, TypeError):
        raise SetupError(
            "expected in {} for what this bundle was made, received something else: unpack the bundle again.".format(
                path
            )
        ) from None


def supported():
    """Return the versions of Python that will do; only one has packages in an offline bundle."""
    bundle = made_for()
    if bundle is None:
        return SUPPORTED
    if bundle[:2] != (platform.system(), platform.machine()):
        raise SetupError(
            "expected {} {}, for which this bundle was made, received {} {}: get a bundle for this kind of computer, "
            "or connect to the network and delete the folder {}.".format(
                *(bundle[:2] + (platform.system(), platform.machine(), WHEELS))
            )
        )
    return (bundle[2],)


def candidate_pythons():
    """Yield the commands that may start a suitable Python, the nearest first."""
    # From inside a virtual environment, the Python it was made with: the environment itself may be replaced.
    yield [getattr(sys, "_base_executable", None) or sys.executable]
    names = ["python{}.{}".format(*version) for version in SUPPORTED] + ["python3", "python"]
    for path in filter(None, map(shutil.which, names)):
        yield [path]
    if shutil.which("py"):
        for version in SUPPORTED:
            yield ["py", "-{}.{}".format(*version)]
    uv = working_uv()
    if uv:
        newest, oldest = supported()[0], supported()[-1]
        wanted = ">={}.{},<{}.{}".format(*(oldest + (newest[0], newest[1] + 1)))
        search = [uv, "python", "find", "--system", "--no-python-downloads", wanted]
        found = subprocess.run(search, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, universal_newlines=True)
        if found.returncode == 0:
            yield [found.stdout.strip()]


def find_python():
    """Return the command of the first Python that the course supports."""
    received = []
    for command in candidate_pythons():
        version = version_of(command)
        if version and version[:2] in supported():
            return command
        name = version and "Python {}.{}.{}".format(*version)
        if name and name not in received:
            received.append(name)
    found = " and ".join(received) or "none"
    if made_for():
        raise SetupError(
            "expected Python {}.{}, for which this bundle was made, received {}: install it, or get a bundle for "
            "yours.".format(*(supported()[0] + (found,)))
        )
    raise SetupError(
        "expected Python 3.11, 3.12 or 3.13, received {}: install one of the three (python.org and most "
        "package managers have them), then run the same command again.".format(found)
    )


def fingerprint(requirements, version):
    """Return what the stamp of an environment holds once these requirements are in it, under this Python."""
    return hashlib.sha256(requirements.read_bytes() + repr(version).encode()).hexdigest()


def read_stamp(folder):
    """Return the text of an environment's stamp, empty if there is none."""
    stamp = folder / STAMP
    return stamp.read_text() if stamp.exists() else ""


def is_ready(folder, requirements):
    """Tell whether the environment holds exactly these requirements."""
    version = version_of([str(python_in(folder))])
    return version is not None and read_stamp(folder) == fingerprint(requirements, version)


def full_disk(environment):
    """Return the error that says how much room is needed, and how much there is."""
    places = (str(ROOT), tempfile.gettempdir())
    room = ["{:.1f} GB free in {}".format(shutil.disk_usage(place).free / 1e9, place) for place in places]
    return SetupError(
        "expected {} GB of free disk for {} and the installer's downloads, received {} and {}: free some space, "
        "then run the same command again.".format(environment.gigabytes, environment.folder, *room)
    )


def run(command, environment):
    """Run a command of the installation, show its progress, and explain its failure."""
    said = []
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "errors": "backslashreplace"}
    with subprocess.Popen(command, cwd=str(ROOT), universal_newlines=True, **options) as process:
        for line in process.stdout:
            said.append(line)
            if line.lstrip().startswith(PROGRESS):
                print(line.rstrip()[:100], flush=True)
    if process.returncode == 0:
        return
    text = "".join(said).lower()
    if any(mark in text for mark in FULL_DISK):
        raise full_disk(environment)
    if any(mark in text for mark in NO_NETWORK):
        raise NoNetwork(
            "expected an answer from the Python package index, received none: connect to the network (only the "
            "installation needs it), then run the same command again."
        )
    print("".join(said[-30:]), file=sys.stderr)
    if any(mark in text for mark in NO_WHEEL) and made_for():
        raise SetupError(
            "expected in the folder {} packages for this computer, received none for at least one of them (see above): "
            "get a bundle made on a computer like this one, or connect and delete that folder.".format(WHEELS)
        )
    if any(mark in text for mark in NO_WHEEL):
        raise SetupError(
            "expected packages made for this kind of computer, received none for at least one of them (see above): "
            "use Linux, Windows on x86-64 or a Mac with an Apple processor, or open the course on Binder."
        )
    raise SetupError(
        "expected {} to succeed, received exit status {} (its last words are above): mend what they name, "
        "then run the same command again.".format(Path(command[0]).name, process.returncode)
    )


def create(folder, environment):
    """Make an empty environment, marked as unfinished."""
    python = find_python()
    if folder.exists():
        print("Replacing {}, whose installation was not finished or is no longer usable.".format(folder.name))
        shutil.rmtree(str(folder))
    if shutil.disk_usage(str(ROOT)).free < environment.gigabytes * 1e9:
        raise full_disk(environment)
    folder.mkdir()
    (folder / STAMP).write_text(UNFINISHED)
    run(python + ["-m", "venv", "--without-pip", str(folder)], environment)


def install(folder, environment):
    """Install the requirements into an environment; its stamp says `unfinished` for as long as this takes."""
    python, uv = str(python_in(folder)), working_uv()
    before = read_stamp(folder)
    (folder / STAMP).write_text(UNFINISHED)
    if uv:
        command = [uv, "pip", "install", "--python", python, "--compile-bytecode"]
    else:
        run([python, "-m", "ensurepip"], environment)
        command = [python, "-m", "pip", "install", "--disable-pip-version-check"]
    if made_for() and environment.folder == ENVIRONMENTS["learners"].folder:
        command += ["--no-index", "--find-links", WHEELS]
    print("Installing {} into {} ...".format(environment.requirements, environment.folder), flush=True)
    try:
        run(command + ["--require-hashes", "-r", environment.requirements], environment)
    except NoNetwork:
        (folder / STAMP).write_text(before)  # an older environment stays as usable as it was
        raise
    set_up_lab(folder)
    (folder / STAMP).write_text(fingerprint(ROOT / environment.requirements, version_of([python])))


def set_up_lab(prefix):
    """Let JupyterLab open without asking: `prefix` is an environment's folder, such as `sys.prefix`."""
    folder = Path(prefix) / "etc" / "jupyter" / "labconfig"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "default_setting_overrides.json").write_text(json.dumps(LAB_SETTINGS, indent=2))


def take_turn(file):
    """Hold the set-up of this folder until the file is closed; two at once would spoil each other's work."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        raise SetupError(
            "expected one set-up at a time in this folder, received a second: wait until the first has ended, "
            "then run the same command again."
        ) from None


def prepare(environment):
    """Bring an environment to what its requirements say, doing only what is missing."""
    folder, requirements = ROOT / environment.folder, ROOT / environment.requirements
    if is_ready(folder, requirements):
        return
    with open(str(ROOT / ".setup.lock"), "w") as file:
        take_turn(file)
        version = version_of([str(python_in(folder))])
        if version is None or version[:2] not in supported() or read_stamp(folder) == UNFINISHED:
            create(folder, environment)
        install(folder, environment)
    print("{} is ready.".format(environment.folder))


def main(arguments=None):
    """Run from the terminal; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("who", nargs="?", default="learners", choices=sorted(ENVIRONMENTS))
    environment = ENVIRONMENTS[parser.parse_args(arguments).who]
    try:
        prepare(environment)
    except OSError as error:
        reason = full_disk(environment) if error.errno in (errno.ENOSPC, errno.EDQUOT) else error
    except SetupError as error:
        reason = error
    except KeyboardInterrupt:
        reason = "interrupted; run the same command again to start the installation afresh."
    else:
        return 0
    print("Set-up stopped: {}".format(reason), file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
