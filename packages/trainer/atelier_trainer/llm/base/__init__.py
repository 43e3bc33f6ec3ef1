"""Base models: where they come from, their layers and their tokenizer."""
