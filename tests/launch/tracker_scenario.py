"""Runs in an environment with the real trackers, offline: `python tracker_scenario.py TRACKER FOLDER`.

Prints what the tracker has written of the app's link.
"""

import json
import os
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace

TRACKER, FOLDER = sys.argv[1], Path(sys.argv[2])
os.environ.update(
    DO_NOT_TRACK="1",
    MLFLOW_ALLOW_FILE_STORE="true",
    MLFLOW_TRACKING_URI=(FOLDER / "runs").as_uri(),
    WANDB_MODE="offline",
    WANDB_DIR=str(FOLDER),
    WANDB_SILENT="true",
    WANDB_ERROR_REPORTING="false",
)

from queue_app.server.integrations import integrate  # noqa: E402

LAUNCHED = SimpleNamespace(local_url="http://127.0.0.1:7860/", share_url="https://demo.example.org/")
DEMO = SimpleNamespace(server=SimpleNamespace(result=LAUNCHED, wanted=SimpleNamespace(width="100%", height=500)))


def comet():
    import comet_ml

    experiment = comet_ml.OfflineExperiment(
        project_name="p", workspace="w", offline_directory=str(FOLDER), log_code=False, log_env_details=False
    )
    integrate(DEMO, comet_ml=experiment)
    (written,) = FOLDER.glob("*.zip")
    with zipfile.ZipFile(written) as archive:
        return b"\n".join(archive.read(name) for name in archive.namelist()).decode()


def mlflow():
    import mlflow as tracker

    with tracker.start_run() as run:
        integrate(DEMO, mlflow=tracker)
    return json.dumps(tracker.get_run(run.info.run_id).data.params)


def wandb():
    import wandb as tracker

    folder = Path(tracker.init(project="p").dir)
    integrate(DEMO, wandb=tracker)
    tracker.finish()
    return "\n".join(path.read_text() for path in folder.rglob("*.html"))


print("WROTE " + json.dumps({"comet": comet, "mlflow": mlflow, "wandb": wandb}[TRACKER]()))
