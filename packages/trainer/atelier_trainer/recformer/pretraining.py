"""Pre-training: masked words and the contrast of a sequence's next item with other items (section 2.3)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from ..events import EventWriter
from .encoding import Encoder
from .inputs import Histories, Inputs, batches_by_length
from .model import MaskedWords
from .optimising import Optimiser
from .positions import Targets
from .text import VALUE, Vocabulary

MASKED, RANDOM = 0.8, 0.1
"""Of the chosen words, the shares that become [MASK] and a random word; the rest stay (Devlin et al. 2019)."""


def mask_values(
    inputs: Inputs, share: float, vocabulary: Vocabulary, generator: torch.Generator
) -> tuple[Inputs, Tensor]:
    """Inputs with a share of their value words changed, and bool `(batch, length)`: which ones to predict."""
    chances = torch.rand(inputs.tokens.shape, generator=generator)
    chosen = (inputs.types == VALUE) & (chances < share)
    tokens = inputs.tokens.clone()
    tokens[chosen & (chances < share * MASKED)] = vocabulary.mask
    changed = chosen & (chances >= share * MASKED) & (chances < share * (MASKED + RANDOM))
    tokens[changed] = torch.randint(len(vocabulary), (int(changed.sum()),), generator=generator)
    return replace(inputs, tokens=tokens), chosen


def contrast(sequences: Tensor, items: Tensor, targets: Tensor, temperature: float) -> Tensor:
    """Cross-entropy of each sequence's own item among the batch's (equation 6).

    Args:
        sequences, items: `(batch, hidden)` unit vectors; row i of `items` is the target of row i.
        targets: `(batch,)` item numbers: the same item in another row is no negative.
    """
    logits = sequences @ items.T / temperature
    twice = targets[:, None] == targets[None, :]
    twice.fill_diagonal_(False)
    return F.cross_entropy(logits.masked_fill(twice, -torch.inf), torch.arange(len(targets), device=logits.device))


def pretrain(
    encoder: Encoder,
    targets: Targets,
    vocabulary: Vocabulary,
    *,
    epochs: int,
    batch_size: int,
    learning_rate: float,
    mask_share: float,
    mask_weight: float,
    temperature: float,
    seed: int,
    events: EventWriter,
) -> None:
    """Train the encoder's model in place: `epochs` passes over the users' sequences. The word predictor is dropped."""
    if not epochs:
        return
    rng, generator = np.random.default_rng(seed), torch.Generator().manual_seed(seed)
    model, device = encoder.model, encoder.device
    predictor = MaskedWords(model).to(device)
    optimiser = Optimiser([*model.parameters(), *predictor.parameters()], learning_rate)
    for epoch in range(epochs):
        model.train()
        losses = []
        drawn = targets.take(targets.draw(rng))
        done = 0
        for chosen in batches_by_length(encoder.builder.lengths(drawn.histories), batch_size, rng):
            batch = drawn.take(chosen)
            plain = encoder.builder.build(batch.histories)
            masked, hidden_words = mask_values(plain, mask_share, vocabulary, generator)
            with encoder.autocast():
                states = model.states(masked.to(device))
                words = predictor(states[hidden_words.to(device)], model.tokens.weight)
            items = encoder.vectors(Histories.of_items(batch.items))
            sequences = F.normalize(states[:, 0].float(), dim=-1)
            contrasted = contrast(sequences, items, torch.from_numpy(batch.items).to(device), temperature)
            wanted = plain.tokens[hidden_words].to(device)
            predicted = F.cross_entropy(words.float(), wanted) if len(wanted) else words.sum()
            optimiser.step(contrasted + mask_weight * predicted)
            losses.append(torch.stack([contrasted.detach(), predicted.detach()]))
            done += len(batch)
            events.progress("pre-training", epoch * len(drawn) + done, epochs * len(drawn), "sequences")
        for name, value in zip(("contrastive loss", "masked word loss"), torch.stack(losses).mean(0), strict=True):
            events.metric(name, float(value), optimiser.steps, "pretrain")
