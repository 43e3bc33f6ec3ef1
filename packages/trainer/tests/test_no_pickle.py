"""No stage writes a pickle: weights are safetensors, tables Parquet, everything else text."""

import re
from pathlib import Path

from conftest import write_log
from prompt_log import BASE, FINE_TUNE, GENERATE, write_prompts

import atelier_trainer

TEXT_AND_TENSORS = {".json", ".ndjson", ".safetensors", ".parquet", ".md", ".jinja"}
SHOPPERS = [
    [("search", f"query {i % 3}"), ("click", 1 + i % 5), ("purchase", 1 + (i + s) % 6)] * 4
    for i, s in enumerate(range(12))
]
TITLE = {"encoder": "lstm", "model": None, "vocabularySize": 120, "hiddenSize": 8, "epochs": 1, "batchSize": 8}
CORE = {"model": "core", "encoder": "trm", "temperature": 0.1, "itemDropout": 0.0, "hiddenSize": 8, "layers": 1}
CORE |= {"heads": 1, "dropout": 0.0, "maxLength": 8, "batchSize": 8, "coldToken": False, "learningRate": 0.02}


def test_what_stages_write_is_tables_tensors_and_text(tmp_path, run_stage):
    prompts = write_prompts(tmp_path / "prompts")
    log = write_log(tmp_path / "log", SHOPPERS, [f"title {item}" for item in range(1, 7)])
    base = str(run_stage("base-model", BASE, prompts)[1])
    tuned = str(run_stage("fine-tune", FINE_TUNE, {"baseModel": base, "prompts": prompts["prompts"]})[1])
    run_stage("generate", GENERATE, prompts | {"baseModel": base, "fineTune": tuned})
    run_stage("title-encoder", TITLE | {"learningRate": 0.01, "margin": 0.2}, log)
    settings = {"maxEpochs": 1, "patience": 1, "maskSeen": False, "listLength": 3}
    core = str(run_stage("baseline", CORE | settings, log)[1])
    run_stage("id-encoder", {}, {"baseline": core})
    kinds = ["base-model", "fine-tune", "generate", "title-encoder", "baseline", "id-encoder"]
    files = [file for kind in kinds for file in (tmp_path / kind).rglob("*") if file.is_file()]
    assert sum(file.suffix == ".safetensors" for file in files) >= 4
    assert {file.suffix for file in files} <= TEXT_AND_TENSORS
    # A pickle, or the zip that torch.save makes of one, whatever it is called.
    assert not [file for file in files if file.read_bytes()[:2] in (b"PK", b"\x80\x02", b"\x80\x04", b"\x80\x05")]


def test_no_code_of_the_trainer_saves_or_loads_pickles():
    pattern = re.compile(r"\bpickle\b|torch\.(save|load)\(|np\.(save|load)\(|joblib")
    sources = Path(atelier_trainer.__file__).parent.rglob("*.py")
    assert not [str(source) for source in sources if pattern.search(source.read_text(encoding="utf-8"))]
