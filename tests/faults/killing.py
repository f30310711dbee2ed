"""A hook by which a run counts its steps on the files of a project, and kills itself at one.

A step is a file that is opened for writing, synced, renamed or removed, a folder that is made or
removed, or two folders that change places: before each the run may end.
"""

COUNT, AT, WHERE = "STEPS_COUNTED", "STEPS_AT", "STEPS_IN"
KILL = f"""\
import atexit, os, signal, sys
root, at, counted = os.environ["{WHERE}"], int(os.environ["{AT}"]), os.environ["{COUNT}"]
steps = []
FOLDERS = ("os.mkdir", "os.rmdir", "os.remove", "os.rename", "os.chmod", "os.truncate")
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT

def step(what):
    steps.append(what)
    if len(steps) == at:
        os.kill(os.getpid(), signal.SIGKILL)

def hook(event, given):
    if event == "ctypes.dlsym" and given[1] == "renameat2":
        step("exchange")
    elif event in FOLDERS or (event == "open" and given[2] and given[2] & WRITES):
        path = given[0]
        if isinstance(path, (str, bytes, os.PathLike)):
            whole = os.path.abspath(os.fsdecode(path))
            if whole.startswith(root + os.sep):
                step(f"{{event}} {{whole[len(root) + 1:]}}")

def fsync(descriptor, really=os.fsync):
    step("fsync")
    really(descriptor)

def tell():
    with open(counted, "w", encoding="utf-8") as file:
        file.write("\\n".join(steps))

# What the program starts is no run of its own.
if "helpline_report.cli" in " ".join(sys.orig_argv):
    sys.addaudithook(hook)
    os.fsync = fsync
    atexit.register(tell)
"""
