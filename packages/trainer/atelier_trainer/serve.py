"""`serve`: the tensor steps of one live recommendation over HTTP on loopback (docs/contracts.md, live serving)."""

from __future__ import annotations

import hmac
import json
import os
import signal
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from .device import pick_device, seed_everything, use_threads
from .encoders import load_query_encoder
from .errors import TrainerError
from .llm.answering.decoding import TransformersGenerator
from .llm.answering.ids import read_ids
from .llm.answering.requests import Request
from .llm.base.loading import load_adapted_model
from .receipt import write_json
from .retrieval import load_retriever

if TYPE_CHECKING:
    from .spec import ServeSpec

SEED = 0
MAX_BODY_BYTES = 8_000_000
READ_TIMEOUT_S = 30


class BadRequest(Exception):
    """The caller's mistake; answered with 400."""


class Models:
    """The loaded model set. One request at a time: the models' caches are not shared between threads."""

    def __init__(self, spec: ServeSpec):
        device = pick_device("auto")
        model, tokenizer = load_adapted_model(
            spec.input("baseModel"), spec.input("fineTune"), device, spec.generate.weights
        )
        self.ids = read_ids(tokenizer, spec.input("dataset"), spec.inputs.get("prompts"))
        self.generator = TransformersGenerator(model, tokenizer, self.ids, spec.generate, seed=SEED)
        self.encoder = load_query_encoder(
            spec.encoder.encoder,
            spec.encoder.model,
            spec.inputs.get("titleEncoder"),
            device,
            spec.encoder.resolved,
        )
        self.retriever = load_retriever(
            spec.input("titleEncoder"), spec.inputs.get("idEncoder"), spec.list_length, device
        )

    def encode(self, body: dict[str, Any]) -> dict[str, Any]:
        return {"vectors": self.encoder.encode(_texts(body, "queries")).tolist()}

    def generate(self, body: dict[str, Any]) -> dict[str, Any]:
        prompts = _texts(body, "prompts")
        candidates = _candidates(body, len(prompts))
        if candidates is None and self.ids.letters:
            raise BadRequest("ids are letters of candidates here: candidates, a list of item ids a prompt, is needed")
        asked = zip(prompts, candidates or [()] * len(prompts), strict=True)
        answers = self.generator.generate([Request(prompt, offered) for prompt, offered in asked])
        return {
            "generations": [
                {
                    "text": answer.text,
                    "logProbability": answer.log_probability,
                    "tokens": answer.tokens,
                    "finish": answer.finish,
                }
                | ({"likelihoods": answer.likelihoods} if candidates and self.generator.params.likelihood else {})
                for answer in answers
            ]
        }

    def retrieve(self, body: dict[str, Any]) -> dict[str, Any]:
        requests = body.get("requests")
        if not isinstance(requests, list) or not all(isinstance(request, dict) for request in requests):
            raise BadRequest("requests must be a list of objects")
        items = [_optional(request, "itemId", int) for request in requests]
        titles = [_optional(request, "title", str) for request in requests]
        if not requests:
            return {"lists": []}
        queries = [_optional(request, "query", str) for request in requests]
        lists = self.retriever.lists(items, titles, queries)
        names = {
            "idList": lists.id_list,
            "idScores": lists.id_scores,
            "titleList": lists.title_list,
            "titleScores": lists.title_scores,
        }
        if any("query" in request for request in requests):
            names |= {"queryList": lists.query_list, "queryScores": lists.query_scores}
        return {
            "lists": [
                {name: values.row(place).tolist() for name, values in names.items()} for place in range(len(requests))
            ]
        }


def _texts(body: dict[str, Any], name: str) -> list[str]:
    value = body.get(name)
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise BadRequest(f"{name} must be a list of texts")
    return value


def _candidates(body: dict[str, Any], prompts: int) -> list[tuple[int, ...]] | None:
    """Item ids that each prompt offers, where the caller says so."""
    value = body.get("candidates")
    if value is None:
        return None
    fits = isinstance(value, list) and len(value) == prompts and all(isinstance(row, list) for row in value)
    if not fits or not all(type(item) is int for row in value for item in row):
        raise BadRequest("candidates must be a list of item ids for each prompt")
    return [tuple(row) for row in value]


def _optional(request: dict[str, Any], name: str, kind: type) -> Any:
    value = request.get(name)
    if value is not None and (not isinstance(value, kind) or isinstance(value, bool)):
        raise BadRequest(f"{name} must be {'text' if kind is str else 'a whole number'} or null")
    return value


Route = Callable[[dict[str, Any]], dict[str, Any]]


class Server(ThreadingHTTPServer):
    """Answers on loopback and stops after `idle_seconds` without an authorised request."""

    daemon_threads = True

    def __init__(self, port: int, token: str, idle_seconds: float, routes: dict[str, Route]):
        super().__init__(("127.0.0.1", port), Handler)
        self.token = token.encode()
        self.routes = routes
        self.lock = threading.Lock()
        self.idle_seconds = idle_seconds
        self.last_request = time.monotonic()
        self._working = 0
        self._count = threading.Lock()

    def busy(self, change: int) -> None:
        """Note an authorised request: `change` in the number of those at work."""
        with self._count:
            self._working += change
            self.last_request = time.monotonic()

    def watch(self) -> None:
        """Shut down once idle; runs in a thread of its own."""
        while True:
            left = self.idle_seconds - (time.monotonic() - self.last_request)
            if left <= 0 and not self._working:
                self.shutdown()
                return
            time.sleep(min(max(left, 0.05), 1.0))


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    timeout = READ_TIMEOUT_S

    def do_GET(self) -> None:
        if self._authorised():
            found = self.path == "/health"
            self._answer(*((200, {"ok": True}) if found else (400, {"error": f"no such request: GET {self.path}"})))

    def do_POST(self) -> None:
        if not self._authorised():
            return
        try:
            route = self.server.routes.get(self.path)
            if route is None:
                raise BadRequest(f"no such request: POST {self.path}")
            body = self._body()
            with self.server.lock:
                answer = route(body)
            self._answer(200, answer)
        except BadRequest as error:
            self._answer(400, {"error": str(error)})
        except TrainerError as error:
            self._answer(400, {"error": str(error)})
        except Exception as error:
            self.log_error("%s: %s", type(error).__name__, error)
            self._answer(500, {"error": f"{type(error).__name__}: {error}"})
        finally:
            self.server.busy(-1)

    def _authorised(self) -> bool:
        given = self.headers.get("Authorization", "").encode()
        if not hmac.compare_digest(given, b"Bearer " + self.server.token):
            # The body stays unread, so the connection cannot be used again.
            self.close_connection = True
            self._answer(401, {"error": "the token is missing or wrong"})
            return False
        self.server.busy(1 if self.command == "POST" else 0)
        return True

    def _body(self) -> dict[str, Any]:
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > MAX_BODY_BYTES:
            self.close_connection = True
            raise BadRequest(f"a body of at most {MAX_BODY_BYTES} bytes with its Content-Length is needed")
        try:
            body = json.loads(self.rfile.read(int(length)))
        except ValueError as error:
            raise BadRequest(f"the body is not JSON: {error}") from None
        if not isinstance(body, dict):
            raise BadRequest("the body must be an object")
        return body

    def _answer(self, status: int, document: dict[str, Any]) -> None:
        content = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(content)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Requests are not logged; errors are."""


def serve(spec: ServeSpec) -> None:
    """Load the models, say on which port they answer (`spec.ready`, written by rename), and answer until idle."""
    use_threads(spec.threads)
    seed_everything(SEED)
    models = Models(spec)
    routes = {"/encode": models.encode, "/generate": models.generate, "/retrieve": models.retrieve}
    server = Server(spec.port, spec.token, spec.idle_seconds, routes)
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    threading.Thread(target=server.watch, daemon=True).start()
    write_json(spec.ready, {"port": server.server_port, "pid": os.getpid()})
    try:
        server.serve_forever(poll_interval=0.2)
    finally:
        server.server_close()
