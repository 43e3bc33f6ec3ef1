"""A stage on a host that shares no disk with the console: inputs come and outputs go by plain HTTP.

Standard library alone, and nothing here knows what runs the host: `python -m atelier_trainer.remote SPEC-URL` is all
that a cluster is asked to do (docs/contracts.md, remote stages).
"""
