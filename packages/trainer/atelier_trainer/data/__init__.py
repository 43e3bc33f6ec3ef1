"""From the Parquet files of the dataset and split stages to arrays."""
