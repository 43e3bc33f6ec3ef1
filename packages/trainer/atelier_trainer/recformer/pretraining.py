"""Pre-training: masked words and the contrast of a sequence's next item with other items (section 2.3)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from ..checkpoints import NO_CHECKPOINTS, Checkpoints
from ..checkpoints.states import Totals
from ..events import EventWriter
from .drawing import batches_a_pass, draw_pass
from .encoding import Encoder
from .inputs import Histories, Inputs
from .model import MaskedWords
from .optimising import Optimiser
from .positions import Targets
from .text import VALUE, Vocabulary

PHASE = "pre-training"
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
    checkpoints: Checkpoints = NO_CHECKPOINTS,
) -> None:
    """Train the encoder's model in place: `epochs` passes over the users' sequences. The word predictor is dropped."""
    if not epochs or checkpoints.is_past(PHASE):
        return
    rng, generator = np.random.default_rng(seed), torch.Generator().manual_seed(seed)
    model, device = encoder.model, encoder.device
    predictor = MaskedWords(model.shape).to(device)
    optimiser = Optimiser([*model.parameters(), *predictor.parameters()], learning_rate)
    totals = Totals()
    steps = epochs * batches_a_pass(targets, batch_size)
    training = checkpoints.training(
        PHASE, steps=steps, rng=rng, generator=generator, optimiser=optimiser, totals=totals
    )
    for epoch in training.passes(1, epochs):
        model.train()
        drawn, batches = training.draw(lambda: draw_pass(targets, encoder.builder, batch_size, rng))
        for done, chosen in training.rest(batches):
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
            totals.add(torch.stack([contrasted, predicted]))
            events.progress(PHASE, (epoch - 1) * len(batches) + done, epochs * len(batches), "batches")
        for name, value in zip(("contrastive loss", "masked word loss"), totals.mean_loss(), strict=True):
            events.metric(name, float(value), optimiser.steps, "pretrain")
