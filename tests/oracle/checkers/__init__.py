"""Checks of converted models: load_check.py inside an environment, compare_config.py anywhere."""
