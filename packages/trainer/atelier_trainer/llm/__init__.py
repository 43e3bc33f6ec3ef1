"""What the language-model stages share: prompts as tokens, batches, losses, loading and decoding."""
