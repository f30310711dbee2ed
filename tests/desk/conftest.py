"""The desk as staff have it: a real server in a hand-over folder."""

import datetime as dt
import http.client
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from helpline_report.build import build
from helpline_report.hand_over import write_hand_over
from helpline_report.parameters.project import Project
from tests.conftest import PATIENCE, PROGRAM, MakeOnce
from tests.present import present
from tests.report.small_projects import (
    chapter,
    check_help,
    code,
    copy_few,
    opening,
    parameters,
    say_rows,
    text,
    write,
)

COUNTS = (
    'contacts = chapter.populations("contacts")\n'
    'phone = contacts.where(channel="phone")\n'
    'chapter.count("contacts.total", contacts)\n'
    'chapter.share("contacts.share.phone", phone, of=contacts)'
)
CHART = (
    'channels = chapter.counts("contacts.by_channel", contacts, by="channel")\n'
    "chapter.chart(channels)"
)
OWN_CHART = 'import plots\n\nchapter.chart(channels, plots.bars, name="contacts.own")'
PLOTS = 'def bars(df, ax):\n    ax.bar(df["short"], df["value"])\n'
TEXTS = "params/2017/nl/contacts.md"


@pytest.fixture(scope="module")
def handed(make_once: MakeOnce, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that staff are given of a small edition of public rows; nobody changes it."""
    folder = tmp_path_factory.mktemp("staff") / "2017"
    return Path(shutil.copytree(make_once("staff", hand_over) / "2017", folder))


def hand_over(folder: Path) -> None:
    """Build a small edition of public rows, and make the folder of it that staff are given."""
    root = copy_few(folder / "project")
    filling = [
        text(f"part-{n}", f"## Deel {n}\n\n{'Woorden en zinnen. ' * 60}") for n in "abcdefgh"
    ]
    cells = [
        text("title", "# Contacten"),
        parameters(),
        opening("contacts"),
        code("count", COUNTS),
        text("how", "Er waren {{ contacts.total | noun }}."),
        text("who", "Bel gerust met je vraag."),
        text("groups", "Dit zegt een ander register.", "when:groups.gender"),
        code("draw", CHART),
        code("own", OWN_CHART),
    ]
    write(root, "01_contacts.ipynb", [*cells, *filling])
    (root / "notebooks" / "plots.py").write_text(PLOTS, encoding="utf-8")
    chapter(root, text("site", "Iedereen vindt ons."), name="method", number=2)
    say_rows(root, "public")
    # Who approves today has checked the help numbers lately.
    check_help(root, f"{dt.date.today()}")
    build(Project(root), "2017")
    write_hand_over(Project(root), "2017", folder / "2017")


class RunningDesk:
    """A desk that runs in a folder of its own, and what it said."""

    def __init__(self, root: Path) -> None:
        self.root, self.texts = root, root / TEXTS
        self.process = subprocess.Popen(
            [*PROGRAM, "desk", "2017"], cwd=root, stderr=subprocess.PIPE, text=True
        )
        self.address = str(re.findall(r"http://\S+", present(self.process.stderr).readline())[0])
        self.base = self.address.partition("/?")[0]
        self.port = int(self.base.rpartition(":")[2])
        self.cookie = ""

    def begin(self) -> str:
        """The cookie that the first address gives, once."""
        if not self.cookie:
            headers = self.ask("GET", self.address.removeprefix(self.base))[1]
            self.cookie = headers["set-cookie"].partition(";")[0]
        return self.cookie

    def ask(
        self, method: str, path: str, body: str | bytes | None = None, **headers: str
    ) -> tuple[int, dict[str, str], str]:
        """Ask for a path as it is written: the status, the headers and what came."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request(method, path, body, {k.replace("_", "-"): v for k, v in headers.items()})
        answer = connection.getresponse()
        answered = {name.lower(): value for name, value in answer.headers.items()}
        content = answer.read().decode("utf-8", "replace")
        connection.close()
        return answer.status, answered, content

    def end(self) -> None:
        self.process.send_signal(signal.SIGINT)
        self.process.communicate(timeout=PATIENCE)


@pytest.fixture(scope="module")
def desk(handed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDesk]:
    """A desk that many tests ask, each of a block of its own."""
    root = tmp_path_factory.mktemp("desk") / "2017"
    running = RunningDesk(Path(shutil.copytree(handed, root)))
    try:
        running.begin()
        yield running
    finally:
        running.end()


def photograph() -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "JPEG")
    return out.getvalue()
