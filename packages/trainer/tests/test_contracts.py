"""The fixtures in packages/core/test/fixtures/contracts, which the TypeScript tests parse too."""

import io
import re

import pytest
from conftest import fixture, read_events

from atelier_trainer.errors import BadSpec
from atelier_trainer.events import EventWriter
from atelier_trainer.receipt import write_receipt
from atelier_trainer.spec import stage_spec
from atelier_trainer.stages import STAGES


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
