"""The serving process, started as the worker starts it."""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import unit
from prompt_log import BASE, FINE_TUNE, FORM, GENERATE, prompt, title, write_prompts

from atelier_trainer.encoders.title import LstmTitleEncoder, train_tokenizer
from atelier_trainer.models.title_lstm import TitleLstm
from atelier_trainer.serve import BadRequest, Models
from atelier_trainer.spec import serve_spec
from atelier_trainer.tables import write_vectors

TOKEN = "a-token"


def ask(port: int, path: str, body: dict | None = None, token: str = TOKEN) -> tuple[int, dict]:
    data = None if body is None else json.dumps(body).encode()
    request = Request(f"http://127.0.0.1:{port}{path}", data, {"Authorization": f"Bearer {token}"})
    try:
        with urlopen(request, timeout=20) as answer:
            return answer.status, json.load(answer)
    except HTTPError as error:
        return error.code, json.load(error)


@pytest.fixture
def spec(tmp_path, run_stage):
    import torch

    inputs = write_prompts(tmp_path, items=8)
    inputs["split"] = inputs["prompts"]
    inputs["baseModel"] = str(run_stage("base-model", BASE, inputs)[1])
    inputs["fineTune"] = str(run_stage("fine-tune", FINE_TUNE, inputs)[1])
    titles = [title(item) for item in range(1, 9)]
    encoder = LstmTitleEncoder(TitleLstm(120, 16), train_tokenizer(titles * 3, 120), torch.device("cpu"))
    rng = np.random.default_rng(0)
    for name in ("titleEncoder", "idEncoder", "encodeQueries"):
        (tmp_path / name).mkdir()
        inputs[name] = str(tmp_path / name)
    encoder.save(tmp_path / "titleEncoder")
    write_vectors(tmp_path / "titleEncoder" / "vectors.parquet", np.arange(1, 9), encoder.encode(titles))
    write_vectors(tmp_path / "idEncoder" / "vectors.parquet", np.arange(1, 9), unit(rng.normal(size=(8, 4))))
    return {
        "contract": 1,
        "port": 0,
        "token": TOKEN,
        "idleSeconds": 3,
        "threads": 1,
        "inputs": inputs,
        "generate": GENERATE | {"likelihood": True},
        "encoder": {"encoder": "title", "model": None, "neighbours": 5},
        "listLength": 3,
        "ready": str(tmp_path / "ready.json"),
    }


def test_it_answers_on_loopback_refuses_a_wrong_token_and_stops_when_idle(spec, tmp_path):
    path = tmp_path / "serve.json"
    path.write_text(json.dumps(spec))
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
    command = [sys.executable, "-m", "atelier_trainer", "serve", str(path)]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        port = wait_until_ready(process, Path(spec["ready"]))
        assert ask(port, "/health") == (200, {"ok": True})
        assert ask(port, "/health", token="another")[0] == 401
        assert ask(port, "/generate", {"prompts": [prompt(3, [3])]}, token="")[0] == 401
        assert ask(port, "/nothing", {})[0] == 400
        assert ask(port, "/encode", {"queries": [1]}) == (400, {"error": "queries must be a list of texts"})
        status, encoded = ask(port, "/encode", {"queries": ["red tote", "blue wallet"]})
        assert status == 200
        assert np.linalg.norm(encoded["vectors"], axis=1) == pytest.approx([1, 1], abs=1e-5)
        status, generated = ask(port, "/generate", {"prompts": [prompt(3, [3, 4]), prompt(4, [1, 4])]})
        assert status == 200
        assert [answer["text"][:5] for answer in generated["generations"]] == ["{<id>", "{<id>"]
        body = {"prompts": [prompt(3, [3, 4])], "candidates": [[3, 4]]}
        status, offered = ask(port, "/generate", body)
        assert status == 200
        assert len(offered["generations"][0]["likelihoods"]) == 2
        assert ask(port, "/generate", body | {"candidates": [3]})[0] == 400
        requests = [{"itemId": 2, "title": title(5)}, {"itemId": None, "title": None}]
        status, retrieved = ask(port, "/retrieve", {"requests": requests})
        assert status == 200
        first, second = retrieved["lists"]
        assert (first["idList"][0], first["titleList"][0], len(first["idList"])) == (2, 5, 3)
        assert first["idScores"][0] == pytest.approx(1, abs=1e-5)
        assert second == {"idList": [], "idScores": [], "titleList": [], "titleScores": []}
        status, asked = ask(port, "/retrieve", {"requests": [{"itemId": None, "title": None, "query": title(4)}]})
        assert (status, asked["lists"][0]["queryList"][0], asked["lists"][0]["titleList"]) == (200, 4, [])
        last = time.monotonic()
        assert process.wait(timeout=20) == 0
        assert time.monotonic() - last >= spec["idleSeconds"] - 0.5
    finally:
        process.kill()
        process.wait()


def wait_until_ready(process: subprocess.Popen, ready: Path) -> int:
    deadline = time.monotonic() + 60
    while not ready.exists():
        assert process.poll() is None, process.stderr.read()
        assert time.monotonic() < deadline, "the server did not become ready"
        time.sleep(0.1)
    document = json.loads(ready.read_text())
    assert document["pid"] == process.pid
    return document["port"]


@pytest.mark.parametrize("form", ["family", "letter", "letter of a revision that did not say so"])
def test_other_id_forms_are_answered_live(spec, tmp_path, form):
    if form == "family":
        texts = {"item_id": pa.array(range(1, 9), pa.int32()), "id_text": [f"12-{item}" for item in range(1, 9)]}
        pq.write_table(pa.table(texts), tmp_path / "prompts" / "id_texts.parquet")
        (tmp_path / "prompts" / "form.json").write_text(json.dumps(FORM | {"idForm": "family"}))
    else:
        (tmp_path / "prompts" / "id_texts.parquet").unlink()
        (tmp_path / "prompts" / "form.json").write_text(json.dumps(FORM | {"idForm": "letter"}))
    if "revision" in form:
        (tmp_path / "prompts" / "form.json").unlink()
    models = Models(serve_spec(spec))
    body = {"prompts": [prompt(3, [3, 4])], "candidates": [[3, 4]]}
    shape = r"\{<id>12-[1-8]</id>," if form == "family" else r"\{<id>[AB]?</id>,"
    assert re.match(shape, models.generate(body)["generations"][0]["text"])
    if form != "family":
        with pytest.raises(BadRequest, match="candidates"):
            models.generate({"prompts": body["prompts"]})


def test_without_an_id_encoder_the_title_list_stands_by_itself(spec):
    del spec["inputs"]["idEncoder"]
    models = Models(serve_spec(spec))
    [lists] = models.retrieve({"requests": [{"itemId": 3, "title": title(3)}]})["lists"]
    assert lists["idList"] == []
    assert len(lists["titleList"]) == 3
