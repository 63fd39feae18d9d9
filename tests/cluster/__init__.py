"""A Dask cluster does what one machine does."""
