"""What a language model reads and says: prompts, responses and the catalogue, as text and as tokens."""
