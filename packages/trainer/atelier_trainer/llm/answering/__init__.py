"""Answers: reading prompts, grammars over tokens, decoding."""
