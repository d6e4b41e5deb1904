"""Events and what listens to them: declaring, describing, and matching a function's parameters."""
