"""Generation by vLLM on one GPU: the same grammar, trie and definitions as `decoding`, its own loop and kernels.

Written for vLLM 0.29, the newest that takes the PyTorch and the transformers that are pinned here. Its engine runs in
this process, so that the logits processor sees the catalogue's trie, and schedules one step after the other, since a
processor needs the tokens that were said.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from ...errors import BadData
from ..base.limits import longest_row
from ..text.response import ResponseTokens, encode_all
from .fitting import SPARE, fit_all
from .followed import Followed, Recited
from .free_answer import FreeRow
from .generator import Generation
from .grammar import Grammar, Row
from .guide import ANSWER, Answering, guiding_processor
from .ids import Ids
from .requests import Request

if TYPE_CHECKING:
    from transformers import PretrainedConfig, PreTrainedTokenizerBase

    from ...params import GenerateParams

# Prompts that are handed to the engine at once: enough to keep it busy, few enough to tell of progress.
PROMPTS_AT_ONCE = 1024
# The rest of a GPU's memory is left to what PyTorch holds beside the engine.
MEMORY_SHARE = 0.85


class VllmGenerator:
    """A `Generator` on vLLM.

    Args:
        folder: a model of transformers with the adapter merged into it.
        config: the model's.
        vocabulary: logits of the model.
        dtype: in which vLLM holds the weights, as PyTorch names it.
    """

    def __init__(
        self,
        folder: Path,
        config: PretrainedConfig,
        vocabulary: int,
        dtype: str,
        tokenizer: PreTrainedTokenizerBase,
        ids: Ids,
        params: GenerateParams,
        *,
        seed: int,
        device: str = "cuda",
    ):
        self.folder, self.config, self.dtype = folder, config, dtype
        self.tokenizer, self.ids, self.params, self.seed = tokenizer, ids, params, seed
        self.pieces = ResponseTokens.of(tokenizer)
        constrained = params.decoding == "constrained"
        self.grammar = Grammar(tokenizer, vocabulary, device) if constrained else None
        self.truncated = 0
        self.passes = 0
        self._answers: dict[int, Callable[[], Answering]] = {}
        self._engine: Any = None

    def generate(
        self, requests: Sequence[Request], progress: Callable[[int, int], None] = lambda done, total: None
    ) -> list[Generation]:
        """Answers in the order of `requests`; `progress` is told (done, total) after each part."""
        if not requests:
            return []
        prompts, cut = fit_all(
            encode_all(self.tokenizer, [request.prompt for request in requests]),
            longest_row(self.config),
            self.params.max_new_tokens,
        )
        self.truncated += cut
        engine = self._started(max(map(len, prompts)))
        answers: list[Generation] = []
        for start in range(0, len(requests), PROMPTS_AT_ONCE):
            numbers = range(start, min(start + PROMPTS_AT_ONCE, len(requests)))
            likelihoods = self._likelihoods(engine, prompts, requests, numbers)
            outputs = self._run(engine, [self._asked(prompts[number], requests[number], number) for number in numbers])
            for number, of_candidates, (said, gained) in zip(numbers, likelihoods, outputs, strict=True):
                answers.append(self._replayed(requests[number], said, gained).generation(of_candidates))
            progress(len(answers), len(requests))
        return answers

    def _started(self, longest_prompt: int) -> Any:
        """The engine; made for the first prompts, since room for longer ones would cost memory for nothing."""
        if self._engine is None:
            # Read when vLLM is imported. Its second model runner has another interface for logits processors.
            os.environ["VLLM_USE_V2_MODEL_RUNNER"] = "0"
            os.environ["VLLM_ENABLE_V1_MULTIPROCESSING"] = "0"
            from vllm import LLM
            from vllm.v1.sample.logits_processor import AdapterLogitsProcessor

            wanted = longest_prompt + self.params.max_new_tokens + SPARE
            self._engine = LLM(
                model=str(self.folder),
                skip_tokenizer_init=True,
                generation_config="vllm",
                dtype=self.dtype,
                seed=self.seed,
                max_model_len=min(wanted, longest_row(self.config) or wanted),
                gpu_memory_utilization=MEMORY_SHARE,
                enable_prefix_caching=True,
                async_scheduling=False,
                logprobs_mode="raw_logprobs",
                logits_processors=[guiding_processor(AdapterLogitsProcessor, lambda number: self._answers[number]())],
            )
        return self._engine

    def _row(self, request: Request) -> Row | FreeRow:
        choices = self.ids.choices(request.candidates)
        return Row(self.grammar, choices) if self.grammar is not None else FreeRow(self.tokenizer, choices)

    def _followed(self, request: Request) -> Followed:
        return Followed(self._row(request), self.params.max_new_tokens, self.pieces.end)

    def _asked(self, prompt: list[int], request: Request, number: int) -> tuple[list[int], dict, Callable]:
        """What the engine reads before anything is chosen, how it chooses, and the answer that masks."""
        sampling: dict[str, Any] = {"temperature": 0.0}
        if self.params.decoding == "sampled":
            # What is drawn for one answer hangs on its number and not on what shares its batch.
            seed = int(np.random.SeedSequence([self.seed, number]).generate_state(1)[0])
            sampling = {"temperature": self.params.temperature, "top_p": self.params.top_p, "seed": seed}
        # To the end of the model's room: where an answer ends is the grammar's to say.
        sampling |= {"max_tokens": None, "stop_token_ids": [self.pieces.end]}
        return [*prompt, *self._row(request).pending], sampling, lambda: self._followed(request)

    def _likelihoods(
        self, engine: Any, prompts: list[list[int]], requests: Sequence[Request], numbers: range
    ) -> list[list[float]]:
        """Of each request's candidates, by having the engine recite their ids after the prompt, which it reads once."""
        if not self.params.likelihood:
            return [[] for _ in numbers]
        asked, owners = [], []
        for place, number in enumerate(numbers):
            for tokens in self._recited(requests[number]):
                before = [*prompts[number], *self.pieces.open]
                asked.append(
                    (before, {"temperature": 0.0, "max_tokens": len(tokens)}, lambda told=tokens: Recited(told))
                )
                owners.append(place)
        found: list[list[float]] = [[] for _ in numbers]
        for place, (_, gained) in zip(owners, self._run(engine, asked), strict=True):
            found[place].append(math.fsum(gained))
        return found

    def _recited(self, request: Request) -> Iterator[list[int]]:
        """Each candidate's tokens, and that its id ends where a longer one begins with it (as in `CandidateTree`)."""
        trie = self.ids.choices(request.candidates).trie
        for tokens in self.ids.candidate_tokens(request.candidates):
            goes_on = len(trie.children(trie.find(tokens))) > 0
            yield [*tokens, *(self.pieces.middle[:1] if goes_on else [])]

    def _run(
        self, engine: Any, asked: Sequence[tuple[list[int], dict, Callable]]
    ) -> list[tuple[list[int], list[float]]]:
        """Tokens that were said and the log-probability of each, without any mask."""
        from vllm import SamplingParams

        self._answers = {number: answer for number, (_, _, answer) in enumerate(asked)}
        shared = {"logprobs": 0, "detokenize": False, "ignore_eos": True}
        outputs = engine.generate(
            [{"prompt_token_ids": before} for before, _, _ in asked],
            [
                SamplingParams(**shared, **sampling, extra_args={ANSWER: number})
                for number, (_, sampling, _) in enumerate(asked)
            ],
            use_tqdm=False,
        )
        said = [output.outputs[0] for output in outputs]
        self.passes += max((len(one.token_ids) for one in said), default=0)
        return [
            (
                list(one.token_ids),
                [known[token].logprob for token, known in zip(one.token_ids, one.logprobs, strict=True)],
            )
            for one in said
        ]

    def _replayed(self, request: Request, said: list[int], gained: list[float]) -> Followed:
        answer = self._followed(request)
        for token, value in zip(said, gained, strict=True):
            answer.take(token, value)
        if self.grammar is not None and answer.row.finish is None:
            raise BadData(
                "an answer did not come to its end in the positions that the model has: lower generate.maxNewTokens"
            )
        return answer


def dtype_name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")
