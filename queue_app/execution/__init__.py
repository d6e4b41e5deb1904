"""A job from its submission to its end: the engine, the worker, validation, and the builder of jobs."""
