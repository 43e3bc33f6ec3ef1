"""Sequence and text models; they take plain typed arguments, never a spec."""
