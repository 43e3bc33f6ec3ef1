"""Text encoders: texts in, L2-normalised float32 rows out."""
