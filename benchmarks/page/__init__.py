"""The page measure: what a hello page weighs in Chromium, and how soon its button answers.

Run as a program (`python -m benchmarks.page`), so that Playwright has a process of its own.
"""
