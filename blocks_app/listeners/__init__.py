"""Events and what listens to them: declaring, describing, and matching a function's parameters.

For classes that raise events and for whoever reads a `Dependency`.

Interface: `component_inputs`, `dependency`, `event_data`, `events`, `header`, `kept_answers`, `listener`, `listening`,
    `loading`, `oauth`, `queue_options`, `validation`, `validators`.
"""
