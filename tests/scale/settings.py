"""The project's settings for a site of several processes; what differs between tests comes from the environment."""

import json
import os

from project.settings import *  # noqa: F403 - that is what settings are derived with

ROOT_URLCONF = os.environ["SCALE_URLS"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
BLOCKS_CANCEL_GRACE = 0.2
globals().update(json.loads(os.environ["SCALE_SETTINGS"]))
