"""Training a language model: losses, adapters, packing, schedules."""
