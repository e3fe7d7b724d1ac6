"""Lets the tests in the rooms below import `small_generators`.

pytest puts the folder of a conftest on the import path.
"""
