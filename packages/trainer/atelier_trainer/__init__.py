"""Atelier's tensor stages. Reads a stage spec and Parquet; writes Parquet, safetensors, JSON and events."""
