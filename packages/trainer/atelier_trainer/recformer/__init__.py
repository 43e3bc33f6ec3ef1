"""Recformer: items and shoppers as text (Li et al., "Text Is All You Need", KDD 2023, arXiv:2305.13731).

An item is its attributes, flattened to key and value words; a shopper is the items that were looked at, newest first,
behind one [CLS] token. One transformer encodes both, and items rank by the cosine of the two [CLS] states. Sections
below are the original paper's. Where this departs from it:

- Attention is full instead of Longformer's windows: sequences are bounded by `maxTokens`, and short.
- Several positions of a sequence are learned from in each pass, instead of its last one (`positions.py`).
- In pre-training one masked copy of a sequence serves both losses, instead of a plain and a masked one.
"""
