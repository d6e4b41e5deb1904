"""Every component by name. A new one is its files in this folder and one sorted line here.

No package before it may know a component: what they need of one says `tree.component`.

Interface: the names of this package, `api`, `by_name`, `form_component`.
"""

from blocks_app.components.annotated_image import AnnotatedImage, Annotatedimage
from blocks_app.components.audio import Audio, Mic, Microphone, WaveformOptions
from blocks_app.components.browser_state import BrowserState
from blocks_app.components.button import Button
from blocks_app.components.chatbot import (
    Chatbot,
    ChatMessage,
    ExampleMessage,
    Message,
    MessageDict,
    MetadataDict,
    OptionDict,
)
from blocks_app.components.checkbox import Checkbox
from blocks_app.components.checkbox_group import CheckboxGroup, Checkboxgroup
from blocks_app.components.clear_button import ClearButton
from blocks_app.components.code import Code
from blocks_app.components.color_picker import ColorPicker
from blocks_app.components.dataframe import DataFrame, Dataframe, List, Matrix, Numpy
from blocks_app.components.dataset import Dataset
from blocks_app.components.date_time import DateTime
from blocks_app.components.deep_link_button import DeepLinkButton
from blocks_app.components.dialogue import Dialogue
from blocks_app.components.download_button import DownloadButton
from blocks_app.components.dropdown import Dropdown
from blocks_app.components.duplicate_button import DuplicateButton
from blocks_app.components.file import File, Files
from blocks_app.components.file_explorer import FileExplorer
from blocks_app.components.gallery import Gallery
from blocks_app.components.highlighted_text import Highlight, HighlightedText, Highlightedtext
from blocks_app.components.html import HTML
from blocks_app.components.image import Image, WatermarkOptions, WebcamOptions
from blocks_app.components.image_editor import (
    Brush,
    Eraser,
    ImageEditor,
    ImageMask,
    LayerOptions,
    Paint,
    Sketchpad,
)
from blocks_app.components.image_slider import ImageSlider
from blocks_app.components.json import JSON, Json
from blocks_app.components.label import Label
from blocks_app.components.login_button import LoginButton
from blocks_app.components.logout_button import LogoutButton
from blocks_app.components.markdown import Markdown
from blocks_app.components.model3d import Model3D
from blocks_app.components.multimodal_textbox import MultimodalTextbox
from blocks_app.components.native_plot import BarPlot, LinePlot, ScatterPlot
from blocks_app.components.navbar import Navbar
from blocks_app.components.number import Number
from blocks_app.components.param_viewer import ParamViewer
from blocks_app.components.plot import Plot
from blocks_app.components.radio import Radio
from blocks_app.components.slider import Slider
from blocks_app.components.state import State
from blocks_app.components.takes_files import NamedString
from blocks_app.components.text_field import InputHTMLAttributes
from blocks_app.components.textbox import Text, TextArea, Textbox
from blocks_app.components.timer import Timer
from blocks_app.components.upload_button import UploadButton
from blocks_app.components.video import PlayableVideo, Video

__all__ = [
    "HTML",
    "JSON",
    "AnnotatedImage",
    "Annotatedimage",
    "Audio",
    "BarPlot",
    "BrowserState",
    "Brush",
    "Button",
    "ChatMessage",
    "Chatbot",
    "Checkbox",
    "CheckboxGroup",
    "Checkboxgroup",
    "ClearButton",
    "Code",
    "ColorPicker",
    "DataFrame",
    "Dataframe",
    "Dataset",
    "DateTime",
    "DeepLinkButton",
    "Dialogue",
    "DownloadButton",
    "Dropdown",
    "DuplicateButton",
    "Eraser",
    "ExampleMessage",
    "File",
    "FileExplorer",
    "Files",
    "Gallery",
    "Highlight",
    "HighlightedText",
    "Highlightedtext",
    "Image",
    "ImageEditor",
    "ImageMask",
    "ImageSlider",
    "InputHTMLAttributes",
    "Json",
    "Label",
    "LayerOptions",
    "LinePlot",
    "List",
    "LoginButton",
    "LogoutButton",
    "Markdown",
    "Matrix",
    "Message",
    "MessageDict",
    "MetadataDict",
    "Mic",
    "Microphone",
    "Model3D",
    "MultimodalTextbox",
    "NamedString",
    "Navbar",
    "Number",
    "Numpy",
    "OptionDict",
    "Paint",
    "ParamViewer",
    "PlayableVideo",
    "Plot",
    "Radio",
    "ScatterPlot",
    "Sketchpad",
    "Slider",
    "State",
    "Text",
    "TextArea",
    "Textbox",
    "Timer",
    "UploadButton",
    "Video",
    "WatermarkOptions",
    "WaveformOptions",
    "WebcamOptions",
]
