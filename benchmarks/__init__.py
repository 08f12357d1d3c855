"""Measurements that a person or CI runs; see README.md beside this file."""
