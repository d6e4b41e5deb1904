"""Every component by name. A new one is its files in this folder and one sorted line here."""

from blocks_app.components.button import Button
from blocks_app.components.checkbox import Checkbox
from blocks_app.components.checkbox_group import CheckboxGroup, Checkboxgroup
from blocks_app.components.dropdown import Dropdown
from blocks_app.components.number import Number
from blocks_app.components.radio import Radio
from blocks_app.components.slider import Slider
from blocks_app.components.textbox import InputHTMLAttributes, Text, TextArea, Textbox

__all__ = [
    "Button",
    "Checkbox",
    "CheckboxGroup",
    "Checkboxgroup",
    "Dropdown",
    "InputHTMLAttributes",
    "Number",
    "Radio",
    "Slider",
    "Text",
    "TextArea",
    "Textbox",
]
