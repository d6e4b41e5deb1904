"""Runs under an official Python client's own interpreter: `python client_scenario.py FILE ADDRESS...`.

Of each address it calls `greet`, follows `count`, uploads FILE and downloads what `copy` makes of it. Prints one JSON
object by address.
"""

import json
import os
import sys
import traceback
from pathlib import Path

os.environ.update(HF_HUB_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1", GRADIO_ANALYTICS_ENABLED="False")

from gradio_client import Client, handle_file


def scenario(address, file):
    auth = ("ann", "secret") if "private" in address else None
    client = Client(address, verbose=False, ssl_verify=False, auth=auth)
    found = {"greet": client.predict("Ann", api_name="/greet")}
    if "/count" in client.view_api(return_format="dict")["named_endpoints"]:
        job = client.submit(3, api_name="/count")
        found["count"] = [job.result(timeout=30), len(job.outputs())]
        found["copy"] = Path(client.predict(handle_file(file), api_name="/copy")).read_text()
    return found


outcomes = {}
for one in sys.argv[2:]:
    try:
        outcomes[one] = scenario(one, sys.argv[1])
    except Exception:
        outcomes[one] = traceback.format_exc()
print("OUTCOMES " + json.dumps(outcomes))
