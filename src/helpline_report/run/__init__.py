"""Run the chapters with papermill, in Jupyter kernels, and collect what they record."""
