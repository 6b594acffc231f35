"""What pytest leaves alone here: files that JupyterHub runs, not Python."""

collect_ignore = ["loopback_config.py", "tljh", "node_modules"]
