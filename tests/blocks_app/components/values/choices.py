"""Components with choices."""

NEEDED = {name: {"choices": ["a", ("B", 2)]} for name in ("CheckboxGroup", "Dropdown", "Radio")}
WITH = {"Dropdown.max_choices": {"multiselect": True}}
