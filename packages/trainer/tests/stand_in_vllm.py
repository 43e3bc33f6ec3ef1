"""A stand-in for vLLM 0.29: its wheels need CUDA, so the real one cannot be installed where these tests run.

It keeps to what `VllmGenerator` relies on: a processor class made from `AdapterLogitsProcessor`, a processor for each
request that is called with what the request has said and one row of logits, raw log-probabilities, stop tokens that
are part of the output, and requests that are preempted and come back with what they had said. Behind it answers the
very model that was written for it, a token at a time.
"""

import sys
from dataclasses import dataclass, field
from types import ModuleType, SimpleNamespace
from typing import Any, ClassVar

import torch
from transformers import AutoModelForCausalLM

# After so many tokens of an answer it is taken up anew.
PREEMPTED = 5


@dataclass
class SamplingParams:
    temperature: float = 1.0
    top_p: float = 1.0
    seed: int | None = None
    max_tokens: int | None = 16
    stop_token_ids: list[int] = field(default_factory=list)
    logprobs: int | None = None
    detokenize: bool = True
    ignore_eos: bool = False
    extra_args: dict | None = None


class AdapterLogitsProcessor:
    def __init__(self, vllm_config, device, is_pin_memory):
        pass


class LLM:
    made: ClassVar[list[Any]] = []

    def __init__(self, *, model, logits_processors, max_model_len, **options):
        LLM.made.append(self)
        self.model = AutoModelForCausalLM.from_pretrained(model, dtype=torch.float64).eval()
        self.room, self.options = max_model_len, options
        self.processors = [made(None, torch.device("cpu"), False) for made in logits_processors]

    def generate(self, prompts, sampling, use_tqdm):
        return [self._answer(prompt["prompt_token_ids"], one) for prompt, one in zip(prompts, sampling, strict=True)]

    @torch.no_grad()
    def _answer(self, prompt, sampling):
        said, logprobs = [], []
        guides = self._guides(sampling)
        random = torch.Generator().manual_seed(sampling.seed or 0)
        while len(said) < (sampling.max_tokens or self.room) and len(prompt) + len(said) < self.room:
            if len(said) == PREEMPTED:
                guides = self._guides(sampling)
            raw = self.model(torch.tensor([[*prompt, *said]])).logits[0, -1]
            logits = raw.clone()
            for guide in guides:
                logits = guide(said, logits)
            if sampling.temperature:
                token = int((logits / sampling.temperature).softmax(0).multinomial(1, generator=random))
            else:
                token = int(logits.argmax())
            said.append(token)
            logprobs.append({token: SimpleNamespace(logprob=raw.log_softmax(0)[token].item())})
            if token in sampling.stop_token_ids:
                break
        return SimpleNamespace(outputs=[SimpleNamespace(token_ids=said, logprobs=logprobs)])

    def _guides(self, sampling):
        assert not any(processor.is_argmax_invariant() for processor in self.processors)
        made = [processor.new_req_logits_processor(sampling) for processor in self.processors]
        return [guide for guide in made if guide is not None]


def install(monkeypatch):
    """Let `import vllm` find this."""
    LLM.made.clear()
    package, processors = ModuleType("vllm"), ModuleType("vllm.v1.sample.logits_processor")
    package.LLM, package.SamplingParams = LLM, SamplingParams
    processors.AdapterLogitsProcessor = AdapterLogitsProcessor
    names = {"vllm": package, "vllm.v1": ModuleType("vllm.v1"), "vllm.v1.sample": ModuleType("vllm.v1.sample")}
    for name, module in (names | {"vllm.v1.sample.logits_processor": processors}).items():
        monkeypatch.setitem(sys.modules, name, module)
