"""Make the environment the course runs in: `python -m course_utils.commands.setup [learners|authors|site|hub]`.

Standard library only, and in the syntax of Python 3.6, so that a Python too old for the course can still
run this far and say so in plain words.
"""

import argparse
import ast
import csv
import errno
import hashlib
import importlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import traceback
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

# What is followed of a user's settings of pip and uv: from where packages come, and how they are reached. Others could
# send packages elsewhere, leave some out or choose other ones.
OF_PIP = (
    *(
        "index-url",
        "pypi-url",
        "extra-index-url",
        "no-index",
        "find-links",
        "trusted-host",
        "proxy",
        "keyring-provider",
    ),
    *("cert", "client-cert", "timeout", "default-timeout", "retries", "cache-dir", "no-cache-dir", "use-feature"),
    *("use-deprecated", "disable-pip-version-check"),
)
OF_UV = ("UV_CACHE_DIR", "UV_NO_CACHE", "UV_LINK_MODE", "UV_HTTP_TIMEOUT", "UV_NATIVE_TLS", "UV_SYSTEM_CERTS")

PROGRESS = ("Resolved", "Downloading", "Downloaded", "Prepared", "Collecting", "Installing", "Installed", "Bytecode")
FULL_DISK = ("no space left on device", "not enough space on the disk", "disk quota exceeded")
PASSWORD = re.compile(r"(?<=//)[^\s'\"]*@")  # in an address
LET_IN = "put both into its address in pip's settings, as in https://NAME:PASSWORD@..."
CERTIFICATE = "set the clock if it is wrong; where others read along, put the path of their certificate into PIP_CERT"
OTHER_INDEX = "name an index that has it in PIP_INDEX_URL"
OTHER_PYTHON = "take another Python, as in `make lab PYTHON=python3.12`"
# Why a package cannot be had: by which words of pip or uv this is known, what was received ({} are these words), and
# what to do. The first row that fits counts.
REASONS = (
    ("SSL module is not|'ssl' module is un", "nothing, because this Python speaks no https", OTHER_PYTHON),
    ("401 Client Error|401 Error|401 Unauthorized", "a question for a name and a password", LET_IN),
    (
        r"Tunnel connection failed: [\w ]+|407 Client Error|connect to proxy(?!.*Tunnel)|tunnel error: [\w ]+",
        "no way through the proxy in between (`{}`)",
        "mend its address in HTTPS_PROXY, with a name and a password if it wants them",
    ),
    (r"403 (?:Client Error|Forbidden)", "a refusal (403)", "ask those who run it, or " + OTHER_INDEX),
    (
        r"(?:429|5\d\d) [A-Z]\w+ Error|too many \d+ error responses|(?<=\()(?:429|5\d\d) [\w ]+",
        "an error of the server (`{}`)",
        "wait some minutes",
    ),
    ("CERTIFICATE_VERIFY_FAILED|invalid peer certificate", "a certificate that is not trusted here", CERTIFICATE),
    ("DO NOT MATCH THE HASHES|[Hh]ash mismatch", "another file than was tested, by its hash", "take another network"),
    ("[Rr]ead timed out|didn't respond|operation timed out", "no answer in time", "set PIP_DEFAULT_TIMEOUT to 300"),
    (
        "[Cc]onnection (?:error|aborted|interrupted|broken)|new connection|error sending request|unreachable",
        "no answer",
        "connect to the network (only the installation needs it)",
    ),
    (
        "lacks a specific scheme|not a trusted or secure host",
        "no folder and no https:// address",
        "mend it in pip's settings",
    ),
    (r"Skipping link: {version} Requires-Python|does not satisfy Python", "files for other Pythons", OTHER_PYTHON),
    (
        "none of the wheel's tags.*/{name}-{version}-|matching platform tag|[Ff]ailed building wheel|Failed to build",
        "no file for this kind of computer",
        "open the course on Binder, or use Linux, Windows on x86-64 or a Mac with an Apple processor",
    ),
    (r"from versions: (?!none)", "only other versions of it", OTHER_INDEX),
    ("404 Client Error|404 Not Found|was not found in", "the answer that it is not there", OTHER_INDEX),
    (
        "No matching distribution|there is no version|Unsupported `Content-Type`|30 redirects",
        "no file of it",
        "if this network wants you to log in, do so in a browser; else " + OTHER_INDEX,
    ),
)
AGAIN = ", then run the same command again"


class SetupError(Exception):
    """One sentence: what was expected, what was received, what to do."""

    words = ""  # an installer's last, shown before the sentence

    def __init__(self, expected, received, remedy):
        super().__init__("expected {}, received {}: {}.".format(expected, received, remedy))


class NotGiven(SetupError):
    """A package could not be had; nothing was changed."""


def python_in(folder):
    """Return the path of the interpreter of a virtual environment."""
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def said_by(command, **options):
    """Return what a command writes, or None if it cannot be run or fails."""
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    try:
        done = subprocess.run(command, universal_newlines=True, errors="backslashreplace", **pipes, **options)
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None


def version_of(command):
    """Return the version a Python command reports, such as (3, 11, 7), or None if it does not run."""
    # A launcher that finds no such Python (pyenv, the Windows store) exits with an error.
    answer = said_by(command + ["-I", "-c", "import sys; print(*sys.version_info[:3])"])
    return answer and tuple(int(part) for part in answer.split())


def has(python, module):
    """Tell whether a Python can import a module."""
    return said_by([str(python), "-I", "-c", "import " + module]) is not None


def working_uv():
    """Return the path of uv where it is installed and runs, else None."""
    uv = shutil.which("uv")
    return uv if uv and said_by([uv, "--version"]) is not None else None


def made_for():
    """Return for what an offline bundle was made, (system, machine, (3, 11)); None if this is no bundle."""
    path = ROOT / WHEELS / MADE_FOR
    if not path.is_file():
        return None
    try:
        system, machine, python = json.loads(path.read_text())
        return system, machine, tuple(python)
    except (ValueError, TypeError):
        expected = "in {} for what this bundle was made".format(path)
        raise SetupError(expected, "something else", "unpack the bundle again") from None


def supported():
    """Return the versions of Python that will do; only one has packages in an offline bundle."""
    bundle, here = made_for(), (platform.system(), platform.machine())
    if bundle and bundle[:2] != here:
        raise SetupError(
            "{} {}, for which this bundle was made".format(*bundle),
            "{} {}".format(*here),
            "get a bundle for this kind of computer, or connect to the network and delete the folder " + WHEELS,
        )
    return (bundle[2],) if bundle else SUPPORTED


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
        found = said_by([uv, "python", "find", "--system", "--no-python-downloads", wanted])
        if found:
            yield [found.strip()]


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
        expected = "Python {}.{}, for which this bundle was made".format(*supported()[0])
        raise SetupError(expected, found, "install it, or get a bundle for yours")
    remedy = "install one of the three (python.org and most package managers have them)" + AGAIN
    raise SetupError("Python 3.11, 3.12 or 3.13", found, remedy)


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
    expected = "{} GB of free disk for {} and the installer's downloads".format(
        environment.gigabytes, environment.folder
    )
    return SetupError(expected, " and ".join(room), "free some space" + AGAIN)


def explain(said, environment):
    """Return the error that says why an installer stopped, by its words; None if they are none that are known."""
    if any(mark in said.lower() for mark in FULL_DISK):
        return full_disk(environment)
    looked_in = sorted(set(re.findall(r"Looking in (?:indexes|links): (.+)", said)))
    closed = "Ignoring indexes: " in said
    # Only what pip wrote of the package that it asked for last: that an index lacks others is no reason.
    asked = re.compile(r"(?m)^(?:.*WARNING: Location .*\n)*.*location\(s\) to search for versions of")
    said = said[max([found.start() for found in asked.finditer(said)], default=0) :]
    lines = [line for line in said.splitlines() if "Retrying (Retry(" not in line]
    name, version = (re.findall(r"([\w.-]+)==([\w.+!]+)", said) or [("a package", "")])[0]
    for words, received, remedy in REASONS:
        words = words.replace("{name}", re.sub(r"[-_.]+", "[-_.]+", name)).replace("{version}", re.escape(version))
        found = next(filter(None, (re.search(words, line) for line in lines)), None)
        if found:
            places = re.findall(r"\w+://[^\s)`]+", found.string)[:1] or re.findall(r"(?m) \* (\S+)$", said) or looked_in
            if closed:  # a bundle, or pip's setting no-index
                remedy = "get the bundle again" if WHEELS in looked_in else "put it there, or end the setting no-index"
            package = "{} {}".format(name, version).strip()
            expected = "{} from {}".format(package, ", ".join(places[:3]).rstrip(":") or "the Python package index")
            return NotGiven(expected, received.format(found.group()), remedy + AGAIN)
    return None


def variables(**settings):
    """Return the environment of an installer: of the user's settings for Python, pip and uv only those given."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON", "UV_"))}
    kept.update((name, os.environ[name]) for name in OF_UV if name in os.environ)
    kept.update(PIP_CONFIG_FILE=os.devnull, UV_NO_CONFIG="1")
    kept.update(settings)
    return kept


def run(command, environment, log=None, **settings):
    """Run a command of the installation, show its progress, and explain its failure by its words and its log."""
    said = []
    options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    options.update(cwd=str(ROOT), env=variables(**settings), universal_newlines=True, errors="backslashreplace")
    with subprocess.Popen(command, **options) as process:
        for line in process.stdout:
            said.append(PASSWORD.sub("", line))
            if line.lstrip().startswith(PROGRESS):
                print(said[-1].rstrip()[:100], flush=True)
    if process.returncode:
        text = "".join(said) + (PASSWORD.sub("", log.read_text(errors="replace")) if log and log.exists() else "")
        name = command[command.index("-m") + 1] if "-m" in command else Path(command[0]).name
        received = "exit status {} (its last words are above)".format(process.returncode)
        error = explain(text, environment) or SetupError(name + " to succeed", received, "mend what they name" + AGAIN)
        error.words = "".join(said[-30:])
        raise error


def settings_of_pip(python):
    """Return the user's settings of pip, from its files and from variables, such as {"index-url": "https://..."}."""
    own = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    if own.get("PIP_CONFIG_FILE") == os.devnull:  # which tells pip to read no file
        del own["PIP_CONFIG_FILE"]
    # As loud as can be: one of its settings may make pip quiet.
    listing = [python, "-I", "-m", "pip", "-vvv", "config", "list"]
    files = variables(PIP_CONFIG_FILE=os.environ.get("PIP_CONFIG_FILE", ""))
    answer = said_by(listing, env=files) if has(python, "pip") else ""
    if answer is None:
        remedy = "`python -m pip config debug` names their files; mend them"
        raise SetupError("settings that pip can read", "others", remedy + AGAIN)
    found = {}
    lines = re.findall(r"(?m)^(\w+)\.([\w-]+)=(['\"].+)$", answer)
    for section, name, value in sorted(lines, key=lambda line: line[0] == "install"):  # which overrules "global"
        if ast.literal_eval(value):
            found[name if section in ("global", "install") else section + "." + name] = ast.literal_eval(value)
    found.update((name[4:].lower().replace("_", "-"), value) for name, value in own.items())
    return found


def with_pip(folder, needs, environment, settings=()):
    """Install with pip, which is told to ask nothing: no one would see it."""
    python, log = str(python_in(folder)), folder / "pip.log"
    if not has(python, "pip"):
        command = "sudo apt install python{}.{}-venv".format(*version_of([python]))
        remedy = "on Debian and Ubuntu type `{}`, elsewhere take the Python of python.org".format(command)
        raise SetupError("a Python that brings pip", "one without its module ensurepip", remedy + AGAIN)
    command = [python, "-I", "-m", "pip", "install", "--no-input", "--disable-pip-version-check"] + needs
    given = {"PIP_" + name.upper().replace("-", "_"): settings[name] for name in settings if name in OF_PIP}
    try:
        return run(command, environment, **given)
    except NotGiven as error:
        if "from versions: none" not in error.words:
            raise
    # Why it found none, pip writes only into a log, which is long: so it is asked again.
    if log.exists():
        log.unlink()
    run(command + ["--retries", "1", "--log", str(log)], environment, log, **given)


def find_uv(folder, source, environment):
    """Return the path of uv, or None: the one that requirements.txt names, brought by pip, or else what is there."""
    wanted = [entry for entry in entries(ROOT / "requirements.txt") if entry.startswith("uv==")]
    if not wanted or not has(python_in(folder), "pip"):
        return working_uv()
    (folder / "uv.txt").write_text(wanted[0])
    with_pip(folder, source + ["--require-hashes", "-r", str(folder / "uv.txt")], environment)
    return shutil.which("uv", path=str(python_in(folder).parent))


def bring(folder, environment):
    """Bring the packages into an environment: by uv where pip has no settings of its own, else by pip."""
    python = str(python_in(folder))
    if not has(python, "pip") and has(python, "ensurepip.__main__"):
        run([python, "-I", "-m", "ensurepip"], environment)
    settings = settings_of_pip(python)
    others = sorted(set(settings).difference(OF_PIP, ["config-file"]))
    if others:
        print("Of pip's settings, these are not followed here: {}.".format(", ".join(others)))
    bundled = made_for() and environment.folder == ENVIRONMENTS["learners"].folder
    source = ["--no-index", "--find-links", WHEELS] if bundled else []
    needs = source + ["--require-hashes", "-r", environment.requirements]
    print("Installing {} into {} ...".format(environment.requirements, environment.folder), flush=True)
    uv = None if settings else find_uv(folder, source, environment)
    if uv:
        try:
            return run([uv, "pip", "install", "--python", python, "--compile-bytecode"] + needs, environment)
        except (OSError, SetupError):
            if not has(python, "pip"):
                raise
            print("uv stopped; going on with pip ...", flush=True)
    with_pip(folder, needs, environment, settings)


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
    run(python + ["-I", "-m", "venv", "--without-pip", str(folder)], environment)


def install(folder, environment):
    """Install the requirements into an environment; its stamp says `unfinished` for as long as this takes."""
    before, version = read_stamp(folder), version_of([str(python_in(folder))])
    finished = fingerprint(ROOT / environment.requirements, version)
    (folder / STAMP).write_text(UNFINISHED)
    try:
        bring(folder, environment)
    except NotGiven:
        (folder / STAMP).write_text(before)  # an older environment stays as usable as it was
        raise
    look(folder, environment)
    set_up_lab(folder)
    (folder / STAMP).write_text(finished)


def look(folder, environment):
    """Raise an error unless what was installed can be imported, in a process that has none of the user's settings."""
    kept = re.compile("PATH|SYSTEM|WINDIR|TE?MP|LANG|L[CD]_|DYLD_")
    with tempfile.TemporaryDirectory() as home:
        place = {name: value for name, value in os.environ.items() if kept.match(name.upper())}
        place.update(HOME=home, USERPROFILE=home)
        command = [str(python_in(folder)), "-I", str(Path(__file__).resolve()), "--look", environment.requirements]
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        done = subprocess.run(command, cwd=home, env=place, universal_newlines=True, errors="backslashreplace", **pipes)
    stopped = re.search(r"(?m)^Set-up stopped: expected (.+?), received (.+): (.+)\.$", done.stdout)
    if done.returncode and stopped:
        raise SetupError(*stopped.groups())
    if done.returncode:
        last = (re.findall(r"(?m)^Importing (.+)$", done.stdout) or ["the packages"])[-1]
        received = "the end of Python with status {} (its last words are above)".format(done.returncode)
        remedy = "mend what they name; if they name nothing, this computer lacks what the package needs: use Binder"
        error = SetupError("to import " + last, received, remedy)
        error.words = done.stdout[-2000:]
        raise error


def entries(path):
    """Return the entries of a requirements file: each the text of a requirement, with its hashes."""
    return re.split(r"\n(?=\S)", path.read_text())


def pins(path):
    """Return what a requirements file pins: (name, version, condition or None, whether the project itself names it)."""
    entry = re.compile(r"([\w.-]+)(?:\[[^\]]*\])?==([^\s;]+)(?: *; *([^\\\n]+?))? *(?:\\|--hash|\n|$)")
    found = [(entry.match(text), "(pyproject.toml" in text) for text in entries(path)]
    return [one.groups() + (named,) for one, named in found if one]


def applies(condition):
    """Tell whether a condition such as "sys_platform == 'win32'" holds here."""
    try:
        markers = importlib.import_module("pip._vendor.packaging.markers")
    except ImportError:
        markers = importlib.import_module("packaging.markers")
    return markers.Marker(condition).evaluate()


def plain(name):
    """Return a package's name in the one form that all its spellings have."""
    return re.sub(r"[-_.]+", "-", name or "").lower()


def inspect(requirements):
    """Raise an error unless this Python's own environment holds what a file pins and imports what is named."""
    from importlib import metadata  # Python 3.6 has none

    here, afresh = (
        Path(sys.prefix).name,
        "run the same command again, which makes {} afresh".format(Path(sys.prefix).name),
    )
    there, modules = {}, []
    for one in metadata.distributions(path=sorted({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")})):
        there.setdefault(plain(one.metadata["Name"]), one)
    wanted = [pin for pin in pins(requirements) if pin[2] is None or applies(pin[2])]
    for name, version, _, named in wanted:
        one = there.get(plain(name))
        record = csv.reader((one and one.read_text("RECORD") or "").splitlines())
        files = [row[0] for row in record if row]
        if one is None or one.version != version:
            raise SetupError("{} {} in {}".format(name, version, here), one.version if one else "none", afresh)
        if not files or any(file.endswith(".py") and not one.locate_file(file).exists() for file in files):
            raise SetupError("all files of {} in {}".format(name, here), "some", afresh)
        if named or not any(pin[3] for pin in wanted):
            modules += modules_of(files)
    for module in modules:
        print("Importing", module, flush=True)
        try:
            importlib.import_module(module)
        except (Exception, SystemExit) as error:
            remedy = afresh + "; if this comes again, this computer lacks what is named here"
            raise SetupError("to import {} from {}".format(module, here), last_line(error), remedy) from None


def modules_of(files):
    """Return what a package brings to import, by its files: its folders with an __init__, else its single modules."""
    folders = {file.split("/")[0] for file in files if re.match(r"\w+/__init__\.", file)}
    return sorted(folders or {file.partition(".")[0] for file in files if re.match(r"\w+\.(py|.*so|pyd)$", file)})


def last_line(error):
    """Return the line of an error that says what happened: of one that quotes another, that of the other."""
    lines = "".join(traceback.format_exception_only(type(error), error)).strip().splitlines()
    return ([line for line in lines if re.match(r"\w*(Error|Exception): ", line)] or lines)[-1]


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
        expected = "one set-up at a time in this folder"
        raise SetupError(expected, "a second", "wait until the first has ended" + AGAIN) from None


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
    parser.add_argument("--look", metavar="FILE", help="import what a file brought into the environment of this Python")
    arguments = parser.parse_args(arguments)
    environment = ENVIRONMENTS[arguments.who]
    try:
        inspect(ROOT / arguments.look) if arguments.look else prepare(environment)
    except OSError as error:
        reason = SetupError("to make {} in {}".format(environment.folder, ROOT), error, "mend what this names" + AGAIN)
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            reason = full_disk(environment)
    except SetupError as error:
        reason = error
        if error.words and not isinstance(error, NotGiven):
            print(error.words, file=sys.stderr)
    except KeyboardInterrupt:
        reason = "interrupted; run the same command again to start the installation afresh."
    else:
        return 0
    print("Set-up stopped: {}".format(reason), file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
