"""JupyterHub for the course: configurations, and simulated learners who try them. See hub/README.md."""
