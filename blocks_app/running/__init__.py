"""One call of a function: preprocess, the function, postprocess, step after step.

For the app that decides when: `runner.run` takes a `call.Call` and yields a `Step` for each answer.

Interface: `arguments`, `call`, `encoding`, `execute_once`, `failures`, `local_call`, `notifications`, `progress`,
`request`, `runner`, `state`, `updates`.
"""
