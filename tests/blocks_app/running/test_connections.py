"""A page whose functions use no database loads none; see tests/databases for those that do."""

from __future__ import annotations

import subprocess
import sys


def test_a_pure_page_loads_no_database() -> None:
    code = (
        "import sys, blocks_app as gr\n"
        "with gr.Blocks() as demo: gr.Button().click(lambda: 1, None, gr.Number())\n"
        "assert demo() == 1 and 'django.db' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
