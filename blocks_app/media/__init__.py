"""Codecs of pictures, sound and film. Heavy libraries are imported inside the functions that need them."""
