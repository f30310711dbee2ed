"""Serve the desk to one browser on this machine: pages, who may ask, and how it ends."""

import asyncio
import datetime as dt
import os
import secrets
import socket
import webbrowser
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import uvicorn
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from helpline_report.audit.differences_page import mark_words
from helpline_report.desk.editing import Desk, find_entries, offers_of, say_plainly, version_of
from helpline_report.errors import HelplineError, UserError
from helpline_report.parameters.project import Project
from helpline_report.parameters.values import LANGUAGES
from helpline_report.parameters.yaml import make_error, read_phrases
from helpline_report.prose import photographs
from helpline_report.publishing import Approval, sign
from helpline_report.report.house import write_variables

ADDRESS = "127.0.0.1"
FOLDER = Path(__file__).parent
VIEWS = ("overview", "chapter", "page", "finish", "names", "state")
ASSETS = ("desk.css", "desk.js")
COOKIE = "helpline-desk"
MOST_BYTES = 1_000_000
# It looks this often (in seconds) whether its parent still runs.
LOOK_SECONDS = 1
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
ALWAYS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}

Values = Mapping[str, Any]
Answer = Callable[[Values, Values], Response]


def serve_desk(
    project: Project,
    edition: str,
    *,
    port: int,
    browse: bool,
    today: Callable[[], dt.date],
    say: Callable[[str], None],
) -> None:
    """Serve the desk of an edition until somebody ends it, or what started this process is gone.

    Raises:
        ParametersError: there is no such edition, or it was never built.
        UserError: the port can't be used.
    """
    # Asked before the address is said: what started this process may end as soon as it reads that.
    parent = os.getppid()
    parameters = project.edition(edition)
    languages = (parameters.language, *parameters.translations)
    desks = {str(language): Desk(project, edition, language) for language in languages}
    with socket.socket() as listener:
        try:
            # On Windows this would let two programs have one port.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, int(os.name != "nt"))
            listener.bind((ADDRESS, port))
            listener.listen()
        except OSError as error:
            about = {"port": port, "reason": error.strerror, "next": port + 1}
            raise make_error(UserError, "port_taken", **about) from None
        pages = DeskPages(desks, listener.getsockname()[1], today)
        say(f"the desk of {edition}: {pages.first_address} (Ctrl-C ends it)")
        if browse:
            webbrowser.open(pages.first_address)
        try:
            run_server(pages.app, listener, parent)
        finally:
            say(f"the desk of {edition} is closed; what was saved stands")


def run_server(app: Starlette, listener: socket.socket, parent: int) -> None:
    """Serve until a signal comes, or the parent of this process is another than `parent`."""

    async def end_with_parent() -> None:
        server.should_exit = server.should_exit or os.getppid() != parent

    config = uvicorn.Config(
        app,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        callback_notify=end_with_parent,
        timeout_notify=LOOK_SECONDS,
    )
    server = uvicorn.Server(config)
    server.run(sockets=[listener])


class DeskPages:
    """The pages of the desks, for the browser that comes first with the address that was said.

    That address holds a token, which counts once: the browser gets a cookie for it. Who comes under
    another name of this machine, from another site or without the cookie gets nothing.
    """

    def __init__(self, desks: Mapping[str, Desk], port: int, today: Callable[[], dt.date]) -> None:
        self.desks, self.today = desks, today
        self._hosts = (f"{ADDRESS}:{port}", f"localhost:{port}")
        self._token, self._cookie = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        # Browsers give a cookie to every port of a machine, and two desks may be open.
        self._cookie_name = f"{COOKIE}-{port}"
        self.first_address = f"http://{ADDRESS}:{port}/?token={self._token}"
        self._phrases = {name: read_phrases("helpline_report.desk", name) for name in LANGUAGES}
        self._templates = Environment(
            loader=FileSystemLoader(FOLDER / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals |= {
            "find": find_entries,
            "mark": mark_words,
            "offers": offers_of,
            "version": version_of,
            "most": photographs.MOST_BYTES,
        }
        # The desks are asked one thing at a time.
        self._thread = ThreadPoolExecutor(max_workers=1)
        pages = {
            "/": self.begin,
            "/{name}.zip": self.package,
            "/{language}.html": self.page,
            "/assets/{name}": self.asset,
            "/{ui}/{language}/{view}": self.view,
        }
        upload = self._make_endpoint(self.photograph, raw=True)
        act, nothing = self._make_endpoint(self.act), self._make_endpoint(self._answer_nothing)
        view, post = "/{ui}/{language}/{view}", ["POST"]
        self.app = Starlette(
            routes=[
                *(Route(path, self._make_endpoint(answer)) for path, answer in pages.items()),
                Route("/{ui}/{language}/photograph", upload, methods=post),
                Route(view, act, methods=post, max_body_size=MOST_BYTES),
                Route("/{anything:path}", nothing),
            ],
            # What is only somewhat too large gets its message from the code that reads it.
            max_body_size=2 * photographs.MOST_BYTES,
        )

    def _make_endpoint(
        self, answer: Answer, *, raw: bool = False
    ) -> Callable[[Request], Awaitable[Response]]:
        """An endpoint that gives the names in the path, and what is asked, to a plain function."""

        async def endpoint(request: Request) -> Response:
            response = self._refuse(request)
            if response is None:
                post = request.method == "POST"
                asked = await request.json() if post and not raw else dict(request.query_params)
                if raw:
                    asked["content"] = await request.body()
                work = partial(self._answer, answer, request.path_params, asked)
                response = await asyncio.get_running_loop().run_in_executor(self._thread, work)
            for name, value in ALWAYS.items():
                response.headers.setdefault(name, value)
            return response

        return endpoint

    def _refuse(self, request: Request) -> Response | None:
        """What who may not ask gets, and the cookie for who begins; None for who has it."""
        host = request.headers.get("host")
        if host not in self._hosts:
            return Response("this server answers to this machine alone\n", 421)
        if request.method == "POST" and request.headers.get("origin") != f"http://{host}":
            return Response("this comes from another site\n", 403)
        cookie = request.cookies.get(self._cookie_name, "")
        token = request.query_params.get("token", "")
        if self._token and secrets.compare_digest(token.encode(), self._token.encode()):
            self._token = ""
            response = RedirectResponse("/", 303)
            response.set_cookie(self._cookie_name, self._cookie, httponly=True, samesite="strict")
            return response
        known = secrets.compare_digest(cookie.encode(), self._cookie.encode())
        return None if known else self._write_message("desk.refused", 403)

    def _answer(self, answer: Answer, names: Values, asked: Values) -> Response:
        """Answer with the files as they are now; a refusal says in plain words why."""
        path = {"ui": LANGUAGES[0], "language": next(iter(self.desks)), **names}
        if path["ui"] not in LANGUAGES or path["language"] not in self.desks:
            return self._answer_nothing(path, asked)
        try:
            self.desks[path["language"]].look()
            return answer(path, asked)
        except HelplineError as error:
            what, step = say_plainly(error, self._phrases[path["ui"]])
            return JSONResponse({"what": what, "step": step}, 409)

    def _answer_nothing(self, path: Values, asked: Values) -> Response:  # noqa: ARG002 - as each answer
        return self._write_message("desk.nothing", 404)

    def _write_message(self, key: str, status: int) -> Response:
        lines = {language: phrases[key] for language, phrases in self._phrases.items()}
        page = self._templates.get_template("message.html.j2").render(lines=lines)
        return HTMLResponse(page, status)

    def begin(self, path: Values, asked: Values) -> Response:  # noqa: ARG002
        """Lead to the chapters."""
        return RedirectResponse(f"/{path['language']}/{path['language']}/overview", 303)

    def asset(self, path: Values, asked: Values) -> Response:
        """A file of the desk itself, or the colours and sizes of the edition."""
        if path["name"] == "tokens.css":
            style = write_variables(self.desks[path["language"]].words.publication)
            return Response(style, media_type="text/css")
        if path["name"] not in ASSETS:
            return self._answer_nothing(path, asked)
        return FileResponse(FOLDER / "assets" / path["name"])

    def page(self, path: Values, asked: Values) -> Response:  # noqa: ARG002
        """The last good page, as it would be published; it says of itself what it may load."""
        policy = {"Content-Security-Policy": "frame-ancestors 'self'"}
        return HTMLResponse(self.desks[path["language"]].page().html, headers=policy)

    def package(self, path: Values, asked: Values) -> Response:
        """The package that was made last."""
        desk = self.desks[path["language"]]
        place = desk.folder.with_suffix(".zip")
        if path["name"] != desk.name or not place.is_file():
            return self._answer_nothing(path, asked)
        return FileResponse(place, filename=place.name)

    def view(self, path: Values, asked: Values) -> Response:
        """A page of the desk, or a part of one; what is asked says which chapter or search."""
        known = self.desks[path["language"]].notebooks
        if path["view"] not in VIEWS or asked.get("chapter", "") not in ("", *known):
            return self._answer_nothing(path, asked)
        template = self._templates.get_template(f"{path['view']}.html.j2")
        return HTMLResponse(template.render(self._make_values(path, asked)))

    def act(self, path: Values, asked: Values) -> Response:
        """Read or save a block, approve the edition, or pack it."""
        desk, phrases = self.desks[path["language"]], self._phrases[path["ui"]]
        match path["view"]:
            case "block" if asked["cell"] in desk.names(asked["chapter"]):
                return self._answer_block(path, asked)
            case "approve":
                for other in self.desks.values():
                    other.look()
                    other.require_content(asked["content"])
                name, role = _read_fields(asked, "name", "role")
                embargo = dt.date.fromisoformat(asked["embargo"]) if asked["embargo"] else None
                approval = Approval(asked["status"], name, role, self.today(), embargo)
                sign(desk.project, desk.name, approval)
                return JSONResponse({"what": phrases["finish.approved"].format(name=name)})
            case "package":
                place, count = desk.package()
                done = phrases["finish.packed"].format(where=f"output/{place.name}", count=count)
                draft = "" if desk.approved else phrases["finish.packed_draft"]
                return JSONResponse({"what": done, "step": draft})
        return self._answer_nothing(path, asked)

    def photograph(self, path: Values, asked: Values) -> Response:
        """Put a photograph beside the texts; the answer is what shows it in one of them."""
        name, what, credit = _read_fields(asked, "name", "what", "credit")
        folder = self.desks[path["language"]].texts
        file = photographs.save_photograph(folder, name, asked["content"])
        return JSONResponse({"source": photographs.write_picture(what, file, credit)})

    def _answer_block(self, path: Values, asked: Values) -> Response:
        """What comes of a text of a block; it is written where that is asked for."""
        desk, place = self.desks[path["language"]], (asked["chapter"], asked["cell"], asked["text"])
        block = desk.save(*place, asked["version"]) if asked["save"] else desk.block(*place)
        template = self._templates.get_template("block.html.j2")
        parts: Any = template.make_module(self._make_values(path, asked))
        written = {"chips": parts.chips(block), "complaints": parts.complaints(block)}
        values = {"rendered": block.rendered, "own": block.own, "text": block.text}
        return JSONResponse({**written, **values, "version": version_of(block.text)})

    def _make_values(self, path: Values, asked: Values) -> dict[str, Any]:
        phrases = self._phrases[path["ui"]]
        return {
            **path,
            "asked": {"chapter": "", "q": "", **asked},
            "desk": self.desks[path["language"]],
            "languages": [*self.desks],
            "say": lambda key, **values: phrases[key].format(**values),
            "plainly": lambda complaint: say_plainly(complaint, phrases),
        }


def _read_fields(asked: Values, *fields: str) -> list[str]:
    """What somebody wrote into fields of a form, none of which may be blank."""
    values = [str(asked.get(field, "")).strip() for field in fields]
    if not all(values):
        raise make_error(UserError, "empty_field")
    return values
