"""The project's settings for a site that ends."""

import os

from project.settings import *  # noqa: F403 - that is what settings are derived with

ROOT_URLCONF = "tests.shutdown.site"
BLOCKS_EVENT_LOG = BLOCKS_MESSAGE_BUS = True
BLOCKS_SHUTDOWN_GRACE = float(os.environ.get("GRACE", "1.5"))
