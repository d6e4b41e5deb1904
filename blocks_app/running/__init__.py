"""One call of a function: preprocess, the function, postprocess, step after step."""
