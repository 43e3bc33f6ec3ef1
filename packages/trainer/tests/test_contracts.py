"""The fixtures in packages/core/test/fixtures/contracts, which the TypeScript tests parse too."""

import io
import re
from dataclasses import fields
from typing import get_args, get_type_hints

import pytest
from conftest import fixture, read_events

from atelier_trainer.errors import BadSpec
from atelier_trainer.events import EventWriter
from atelier_trainer.params import BASELINES, PARAMS
from atelier_trainer.receipt import write_receipt
from atelier_trainer.spec import ServeSpec, StageSpec, read_json, serve_spec, stage_spec
from atelier_trainer.stages import STAGES
from atelier_trainer.validation import camel, schema_of


@pytest.mark.parametrize("document", fixture("specs-valid"), ids=lambda document: document["kind"])
def test_a_valid_spec_is_read_with_every_value_it_holds(document):
    spec = stage_spec(document)
    for name, value in document["params"].items():
        field = re.sub("([A-Z])", lambda letter: "_" + letter[1].lower(), name)
        assert getattr(spec.params, field) == value
    assert {name: str(folder) for name, folder in spec.inputs.items()} == document["inputs"]
    assert (spec.kind, spec.seed, spec.threads) == (document["kind"], document["seed"], document["threads"])


@pytest.mark.parametrize("entry", fixture("specs-invalid"), ids=lambda entry: entry["why"])
def test_an_invalid_spec_is_refused_by_name(entry):
    with pytest.raises(BadSpec, match=entry["names"]):
        stage_spec(entry["spec"])


def test_every_trainer_kind_of_the_fixtures_has_a_stage():
    assert {document["kind"] for document in fixture("specs-valid")} == set(STAGES)


def test_an_unknown_parameter_is_answered_with_the_valid_names():
    document = next(entry["spec"] for entry in fixture("specs-invalid") if entry["names"] == "hidden_size")
    with pytest.raises(BadSpec) as refused:
        stage_spec(document)
    said = re.search(r"unknown hidden_size; valid names: (.*)", str(refused.value))
    assert said and set(said.group(1).split(", ")) == set(document["params"]) - {"hidden_size"}


BASELINE_SCHEMAS = {case["properties"]["model"]["const"]: case for case in schema_of("baseline")["oneOf"]}
CLASSES = {
    "stage-spec": (StageSpec, schema_of("stage-spec")),
    "serve-spec": (ServeSpec, schema_of("serve-spec")),
    **{kind: (cls, schema_of(kind)) for kind, cls in PARAMS.items()},
    **{f"baseline {model}": (cls, BASELINE_SCHEMAS[model]) for model, cls in BASELINES.items()},
}
KINDS = {"integer": int, "number": float, "string": str, "boolean": bool, "null": type(None)}


def kinds_of(field):
    if "const" in field:
        return {type(field["const"])}
    named = field["type"] if isinstance(field["type"], list) else [field["type"]]
    return {KINDS[kind] for kind in named if kind in KINDS}


def test_every_kind_and_model_of_the_schemas_is_read():
    assert set(schema_of("stage-spec")["properties"]["kind"]["enum"]) == set(STAGES) == {*PARAMS, "baseline"}
    assert set(BASELINE_SCHEMAS) == set(BASELINES)


@pytest.mark.parametrize("name", CLASSES)
def test_a_dataclass_has_the_names_and_the_kinds_of_its_schema(name):
    cls, schema = CLASSES[name]
    assert {camel(field.name) for field in fields(cls)} == set(schema["properties"])
    hints = get_type_hints(cls)
    for field in fields(cls):
        said = schema["properties"][camel(field.name)]
        # Folders are text in the schema and paths here; lists and objects are compared by their readers' tests.
        if (expected := kinds_of(said)) and field.name not in ("output", "ready"):
            hint = set(get_args(hints[field.name]) or [hints[field.name]])
            is_there = camel(field.name) in schema["required"] or "default" in said
            optional = set() if is_there else {type(None)}
            assert hint == expected | optional, field.name


SPEC = next(document for document in fixture("specs-valid") if document["params"].get("model") == "sasrec")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"listLength": 0}, "params.listLength must be a positive whole number, not 0"),
        ({"listLength": 2.0}, "params.listLength must be a positive whole number, not 2.0"),
        ({"listLength": True}, "params.listLength must be a positive whole number, not True"),
        ({"dropout": 1.5}, "params.dropout must be a number from 0 to 1, not 1.5"),
        ({"learningRate": float("nan")}, "params.learningRate must be a number above 0, not nan"),
        ({"loss": "mse"}, "params.loss must be one of ce, bce, not 'mse'"),
        ({"maskSeen": 1}, "params.maskSeen must be true or false, not 1"),
        ({"hiddenSize": 64, "heads": 3}, "params.hiddenSize must be a multiple of heads (3), not 64"),
        ({"heads": "2"}, "params.heads must be a positive whole number, not '2'"),
        ({"model": "markov"}, "params.model must be one of popularity, gru4rec, "),
        ({"model": ["sasrec"]}, "params.model must be one of popularity, gru4rec, "),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_value_that_does_not_fit_is_answered_with_what_would(changes, says):
    with pytest.raises(BadSpec) as refused:
        stage_spec(SPEC | {"params": SPEC["params"] | changes})
    assert str(refused.value).startswith(says)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"inputs": {"split": 3}}, "spec.inputs.split must be text, not 3"),
        ({"inputs": []}, "spec.inputs must be an object, not []"),
        ({"params": None}, "spec.params must be an object, not None"),
        ({"key": "0123"}, "spec.key must be 32 hex digits, not '0123'"),
        ({"contract": 2}, "spec.contract must be 1, not 2"),
        ({"seed": -1, "threads": 0}, "spec.seed must be a whole number of at least 0, not -1; spec.threads must be"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_of_the_spec_around_them_too(changes, says):
    with pytest.raises(BadSpec) as refused:
        stage_spec(SPEC | changes)
    assert says in str(refused.value)


def test_what_a_spec_for_serving_lacks_is_named():
    encoder = {"encoder": "minilm", "model": None, "neighbours": 3}
    document = {"contract": 1, "port": 0, "idleSeconds": 600, "threads": 1, "inputs": {}, "encoder": encoder}
    with pytest.raises(BadSpec, match=r"^spec: missing generate, listLength, ready, token$"):
        serve_spec(document)
    whole = document | {"token": "t", "listLength": 3, "ready": "r", "generate": {}}
    with pytest.raises(BadSpec, match=r"^spec\.generate: missing batchSize, decoding, "):
        serve_spec(whole)


def test_a_spec_with_a_number_that_is_none_is_no_json(tmp_path):
    (tmp_path / "spec.json").write_text('{"seed": NaN}')
    with pytest.raises(BadSpec, match="NaN is no number"):
        read_json(tmp_path / "spec.json")


def shape(event):
    return event["type"], {name: type(value) for name, value in event["payload"].items()}


def test_the_writer_writes_events_of_the_contracts_form(tmp_path):
    valid = fixture("events-valid")
    echo = io.StringIO()
    writer = EventWriter(tmp_path / "events.ndjson", echo)
    for event in valid:
        payload = event["payload"]
        match event["type"]:
            case "metric":
                writer.metric(payload["name"], payload["value"], payload["step"], payload.get("split"))
            case "progress":
                writer.progress(payload["step"], payload["done"], payload["total"], payload["unit"])
            case "log":
                writer.log(payload["message"], payload["level"])
            case "warning":
                writer.warning(payload["message"])
            case "result":
                writer.result(payload)
    written = read_events(tmp_path)
    assert [event["seq"] for event in written] == [event["seq"] for event in valid]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", event["at"]) for event in written)
    assert [(event["type"], event["payload"]) for event in written] == [(e["type"], e["payload"]) for e in valid]
    assert echo.getvalue() == (tmp_path / "events.ndjson").read_text()


def test_progress_within_half_a_second_is_dropped_but_never_the_last(tmp_path):
    writer = EventWriter(tmp_path / "events.ndjson")
    for done in range(101):
        writer.progress("epoch 1", done, 100, "rows")
    assert [event["payload"]["done"] for event in read_events(tmp_path)] == [0, 100]


def test_a_metric_that_is_not_finite_becomes_a_warning(tmp_path):
    EventWriter(tmp_path / "events.ndjson").metric("loss", float("nan"), 3)
    assert [event["type"] for event in read_events(tmp_path)] == ["warning"]


def test_a_closed_stdout_does_not_stop_a_stage(tmp_path):
    class Closed(io.StringIO):
        def write(self, text):
            raise BrokenPipeError

    writer = EventWriter(tmp_path / "events.ndjson", Closed())
    writer.log("one")
    writer.log("two")
    assert len(read_events(tmp_path)) == 2


def test_the_receipt_lists_outputs_with_checksums_and_nothing_else(tmp_path):
    expected = fixture("receipt")
    (tmp_path / "adapter").mkdir()
    (tmp_path / "adapter" / "adapter_model.safetensors").write_bytes(b"hello")
    (tmp_path / "perplexity.parquet").touch()
    for other in ("spec.json", "events.ndjson", "stderr.log"):
        (tmp_path / other).write_text("{}")
    write_receipt(
        tmp_path, key=expected["key"], attempt="a1", duration_ms=expected["durationMs"], result=expected["result"]
    )
    import json

    assert json.loads((tmp_path / "receipt.json").read_text()) == expected
    assert not list(tmp_path.glob("*.tmp"))
