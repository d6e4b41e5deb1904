"""gr.from_form: the fields of a Django form on a page, what they show, what the form gets of them, and what it says."""

from __future__ import annotations

import datetime
import os
import subprocess
import sys
import uuid
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils import translation

import blocks_app as gr
from blocks_app.exceptions import DeclarationError
from blocks_app.files import file_data
from queue_app.testing import PageUser
from tests.blocks_app.forms.library import Book, Shelf, may
from tests.house.sources import ROOT


class Everything(forms.Form):
    text = forms.CharField(max_length=10, help_text="<b>Short</b>, please", initial="hi")
    long = forms.CharField(widget=forms.Textarea(attrs={"rows": 6}), required=False)
    mail = forms.EmailField(required=False)
    site = forms.URLField(required=False, assume_scheme="https")
    slug = forms.SlugField(required=False)
    code = forms.RegexField(r"^\d{3}$", required=False)
    whole = forms.IntegerField(min_value=1, required=False)
    ratio = forms.FloatField(required=False)
    price = forms.DecimalField(max_digits=6, decimal_places=2, required=False)
    exact = forms.DecimalField(required=False)
    agree = forms.BooleanField(required=False, initial=True)
    maybe = forms.NullBooleanField()
    one = forms.ChoiceField(choices=[("Warm", [("r", "Red")]), ("b", "Blue")], widget=forms.RadioSelect)
    typed = forms.TypedChoiceField(choices=[("", "---"), (1, "One"), (2, "Two")], coerce=int, required=False)
    some = forms.MultipleChoiceField(
        choices=[("x", "X"), ("y", "Y")], widget=forms.CheckboxSelectMultiple, required=False
    )
    day = forms.DateField(required=False)
    hour = forms.TimeField(required=False)
    moment = forms.DateTimeField(required=False)
    split = forms.SplitDateTimeField(required=False)
    period = forms.DurationField(required=False)
    data = forms.JSONField(required=False)
    key = forms.UUIDField(required=False)
    address = forms.GenericIPAddressField(required=False)
    token = forms.CharField(widget=forms.HiddenInput, initial="t")
    secret = forms.CharField(widget=forms.PasswordInput, required=False)
    fixed = forms.CharField(disabled=True, initial="as it is")


VALUES: dict[str, tuple[Any, Any]] = {
    "text": ("Ada", "Ada"),
    "long": ("a\nb", "a\nb"),
    "mail": ("a@b.example", "a@b.example"),
    "site": ("b.example", "https://b.example"),
    "slug": ("a-b", "a-b"),
    "code": ("123", "123"),
    "whole": (3, 3),
    "ratio": (0.5, 0.5),
    "price": (9.99, Decimal("9.99")),
    "exact": ("12345678901234567890.123", Decimal("12345678901234567890.123")),
    "agree": (False, False),
    "maybe": ("true", True),
    "one": ("r", "r"),
    "typed": ("2", 2),
    "some": (["x", "y"], ["x", "y"]),
    "day": ("2030-01-02", datetime.date(2030, 1, 2)),
    "hour": ("12:30", datetime.time(12, 30)),
    "moment": ("2030-01-02 03:04:05", datetime.datetime(2030, 1, 2, 3, 4, 5, tzinfo=datetime.UTC)),
    "split": ("2030-01-02 03:04:05", datetime.datetime(2030, 1, 2, 3, 4, 5, tzinfo=datetime.UTC)),
    "period": ("1 02:00:00", datetime.timedelta(days=1, hours=2)),
    "data": ('{"a": [1]}', {"a": [1]}),
    "key": ("12345678-1234-5678-1234-567812345678", uuid.UUID("12345678123456781234567812345678")),
    "address": ("::1", "::1"),
    "token": ("t", "t"),
    "secret": ("pw", "pw"),
    "fixed": ("another", "as it is"),
}


def keeping(form: Any, **options: Any) -> tuple[Any, list[Any]]:
    """An app with the form, and what was saved."""
    kept: list[Any] = []

    def save(form: Any, request: gr.Request) -> None:
        kept.append(form.cleaned_data)

    return gr.from_form(form, save=save, **options), kept


def problems(page: PageUser, demo: Any) -> dict[str, str]:
    found = {name: page.problem(each) for name, each in {"": demo.heading, **demo.fields}.items()}
    return {name: text for name, text in found.items() if text}


def test_every_field_of_django_reaches_its_form() -> None:
    demo, kept = keeping(Everything)
    with PageUser(demo) as page:
        for name, (entered, _) in VALUES.items():
            page.set(demo.fields[name], entered)
        page.click(demo.submit_btn)
        assert (page.errors, problems(page, demo)) == ([], {})
    assert kept == [{name: cleaned for name, (_, cleaned) in VALUES.items()}]


def test_fields_look_as_the_form_says() -> None:
    demo, _ = keeping(Everything)
    fields = demo.fields
    assert {name: type(each).__name__ for name, each in fields.items() if not isinstance(each, gr.Textbox)} == {
        "whole": "Number", "ratio": "Number", "price": "Number", "agree": "Checkbox", "maybe": "Dropdown",
        "one": "Radio", "typed": "Dropdown", "some": "CheckboxGroup", "day": "DateTime", "moment": "DateTime",
        "split": "DateTime",
    }  # fmt: skip
    text, secret, one = fields["text"], fields["secret"], fields["one"]
    assert (text.label, text.info, text.max_length, text.value) == ("Text *", "Short, please", 10, "hi")
    assert (secret.type, fields["mail"].type, fields["long"].lines) == ("password", "email", 6)
    assert (fields["token"].visible, fields["fixed"].interactive, fields["fixed"].label) == (False, False, "Fixed")
    assert one.choices == [("Warm: Red", "r"), ("Blue", "b")] and fields["agree"].value is True
    assert fields["typed"].choices == [("---", ""), ("One", "1"), ("Two", "2")]


def test_what_is_wrong_is_said_in_the_forms_own_words() -> None:
    class Wrong(Everything):
        def clean(self) -> Any:
            self.add_error("token", "Forged.")
            raise forms.ValidationError(["One thing.", "Another one."])

    demo, kept = keeping(Wrong)
    entered = {"text": "x" * 11, "mail": "x", "code": "1", "whole": 0.5, "price": 1.234, "one": "z", "some": ["z"],
               "day": "soon", "split": "soon", "data": "{", "key": "x", "ratio": "much", "slug": ["a"],
               "typed": {}, "site": "\ud800", "exact": 10**5000}  # fmt: skip
    with PageUser(demo) as page:
        for name, value in entered.items():
            page.set(demo.fields[name], value)
        page.click(demo.submit_btn)
        found = problems(page, demo)
    assert found.pop("") == "One thing. Another one. Token: Forged."
    assert sorted(found) == sorted(entered)
    assert found["text"] == "Ensure this value has at most 10 characters (it has 11)."
    assert (found["whole"], found["day"], found["data"]) == (
        "Enter a whole number.", "Enter a valid date.", "Enter a valid JSON."
    )  # fmt: skip
    assert (found["ratio"], found["exact"], kept) == ("Enter a number.", "This number is too long.", [])


def test_only_the_fields_of_the_form_are_read(library: None) -> None:
    class OwnerForm(forms.ModelForm):
        class Meta:
            model = Book
            fields = ("title", "shelf", "owner")

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.fields["owner"].disabled = True
            del self.fields["shelf"]
            self.instance.shelf = shelf

    shelf = Shelf.objects.create(name="Poetry")
    demo = gr.from_form(OwnerForm, permissions=None, form_kwargs={})
    with PageUser(demo) as page:
        assert not page.prop(demo.fields["owner"], "interactive") and not page.prop(demo.fields["shelf"], "visible")
        page.set(demo.fields["title"], "Odes")
        page.set(demo.fields["owner"], "mallory")
        page.set(demo.fields["shelf"], "77")
        page.click(demo.submit_btn)
        assert page.toasts[-1].text == "The book “Odes” was added."
    assert (Book.objects.get().owner, Book.objects.get().shelf) == ("library", shelf)


def test_a_form_for_the_visitors_own_row(library: None) -> None:
    Shelf.objects.create(name="ada's")

    class ShelfForm(forms.ModelForm):
        class Meta:
            model = Shelf
            fields = ("name",)

    demo = gr.from_form(ShelfForm, form_kwargs=lambda request: {"instance": Shelf.objects.get(), "prefix": "a"})
    name = demo.fields["name"]
    with PageUser(demo, user=may("change", kinds=["shelf"])) as page:
        assert page.value(name) == "ada's"
        page.set(name, "hers")
        page.click(demo.submit_btn)
        assert page.toasts[-1].text == "The shelf “hers” was changed."
    with PageUser(demo, user=may("add", kinds=["shelf"])) as page:
        assert (page.value(name), page.prop(demo.submit_btn, "interactive")) == (None, False)
        page.set(name, "")
        page.click(demo.submit_btn)
        assert (page.errors, page.problem(name)) == (["You may not change shelves."], None)


def test_users_chain_functions_to_it_and_it_stands_in_a_blocks() -> None:
    with gr.Blocks() as demo:
        gr.Markdown("# Say hello")
        form, kept = keeping(Everything, title="")
        log = gr.Textbox()
        form.submit.success(lambda text, log: f"{log or ''}{text} ", [form.message, log], log)
        form.saved.then(lambda log: f"{log or ''}Again! ", log, log)
    with PageUser(demo) as page:
        page.click(form.submit_btn)
        assert page.value(log) is None
        page.set(form.fields["one"], "b")
        page.submit(form.fields["text"])  # Enter saves, too
        assert (page.value(form.fields["one"]), len(kept), page.errors[1:]) == (None, 1, [])
        assert {"Saved. ", "Again! "} & set(page.history(log))


def test_a_function_says_who_may_send_a_form() -> None:
    demo, kept = keeping(Everything, permissions=lambda user, action, row: getattr(user, "is_staff", False))
    with PageUser(demo) as page:
        assert not page.prop(demo.submit_btn, "interactive")
        page.click(demo.submit_btn)
        assert (page.errors, kept) == (["You may not send this form."], [])


def test_a_form_is_declared_without_a_database_and_without_settings() -> None:
    gr.from_model(Book, form_class=ScanForm)  # here a look into the database would raise
    program = (
        "from django import forms; import blocks_app as gr\n"
        "class F(forms.Form): name = forms.CharField(); day = forms.DateField(initial='2030-01-02')\n"
        "print(gr.from_form(F, save=lambda form, request: None).fields['day'].value)"
    )
    clean = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    ran = subprocess.run([sys.executable, "-c", program], env=clean, cwd=ROOT, capture_output=True, text=True)
    assert ran.stdout == "2030-01-02\n", ran.stderr


def test_a_failed_save_leaves_nothing(library: None) -> None:
    class ShelfForm(forms.ModelForm):
        class Meta:
            model = Shelf
            fields = ("name",)

    def save(form: Any, request: gr.Request) -> None:
        form.save()
        raise gr.Error("The shelf is full.")

    demo = gr.from_form(ShelfForm, save=save, permissions=None)
    with PageUser(demo) as page:
        page.set(demo.fields["name"], "Poetry")
        page.click(demo.submit_btn)
        assert (page.errors, Shelf.objects.count()) == (["The shelf is full."], 0)
        assert page.value(demo.fields["name"]) == "Poetry"


def test_choices_and_first_values_are_those_of_the_moment(library: None) -> None:
    days = iter(range(1, 10))

    class Fresh(forms.Form):
        name = forms.CharField(initial="you")
        day = forms.DateField(initial=lambda: datetime.date(2030, 1, next(days)))
        kind = forms.ChoiceField(choices=lambda: [(each.name, each.name) for each in Shelf.objects.all()])

    demo, _ = keeping(Fresh)
    Shelf.objects.create(name="Poetry")
    for day in ("2030-01-01", "2030-01-02"):
        with PageUser(demo) as page:
            assert page.value(demo.fields["day"]) == day
            assert page.history(demo.fields["name"]) == []  # somebody may be typing there by now
            assert page.prop(demo.fields["kind"], "choices") == [["Poetry", "Poetry"]]


def test_a_field_of_several_fields_has_an_input_for_each() -> None:
    class PhoneField(forms.MultiValueField):
        def __init__(self, **options: Any) -> None:
            numbers = (forms.CharField(label="Country"), forms.IntegerField(label="Number"))
            widget = forms.MultiWidget({"land": forms.TextInput(), "number": forms.NumberInput()})
            widget.decompress = lambda value: value.split() if value else []  # type: ignore[method-assign]
            super().__init__(numbers, widget=widget, **options)

        def compress(self, values: list[Any]) -> str:
            return " ".join(map(str, values))

    class Phone(forms.Form):
        phone = PhoneField(initial="+44 7")
        other = PhoneField(required=False)

    demo, kept = keeping(Phone)
    land, number, *_ = demo.components
    with PageUser(demo) as page:
        assert (page.value(land), page.value(number), land.label, number.label) == ("+44", 7, "Country", "Number")
        page.set(land, "+49")
        page.set(number, None)
        page.click(demo.submit_btn)
        assert page.problem(land) == "This field is required."
        page.set(number, 12)
        page.click(demo.submit_btn)
    assert kept == [{"phone": "+49 12", "other": ""}]


def test_localized_numbers_are_written_as_the_country_writes_them() -> None:
    class Price(forms.Form):
        price = forms.DecimalField(localize=True, initial=Decimal("1.5"))

    demo, kept = keeping(Price)
    with translation.override("de"), PageUser(demo, headers={"Accept-Language": "de"}) as page:
        page.set(demo.fields["price"], "2.5")
        page.click(demo.submit_btn)
    assert isinstance(demo.fields["price"], gr.Textbox) and kept == [{"price": Decimal("2.5")}]


class ScanForm(forms.ModelForm):
    class Meta:
        model = Book
        fields = ("title", "shelf", "scan", "cover")


def uploaded(tmp_path: Path, name: str, content: bytes) -> Any:
    place = tmp_path / name
    place.write_bytes(content)
    with file_data.use(file_data.FileContext(allowed_paths=(str(tmp_path),))):
        return file_data.publish(place)


def stored() -> tuple[str, bytes]:
    with Book.objects.get().scan.open() as file:
        return file.name.rpartition("media/")[2], file.read()


def test_files_are_shown_kept_exchanged_and_cleared(library: None, tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    shelf = Shelf.objects.create(name="Poetry")
    cover = ContentFile((file_data.SAMPLES / "image.png").read_bytes(), "cover.png")
    Book.objects.create(title="Odes", shelf=shelf, scan=ContentFile(b"first", "page.txt"), cover=cover)
    demo = gr.from_model(Book, form_class=ScanForm, permissions=None)
    scan = demo.fields["scan"]
    with PageUser(demo) as page:
        page.select(demo.table, [0, 0])
        assert page.value(scan)["orig_name"] == "page.txt"
        assert page.value(demo.fields["cover"])["orig_name"] == "cover.png"
        page.set(demo.fields["title"], "Epodes")
        page.click(demo.form.save)  # the page sends back the file that it was shown
        assert (Book.objects.get().title, stored()) == ("Epodes", ("scans/page.txt", b"first"))
        page.set(scan, uploaded(tmp_path, "new.txt", b"second"))
        page.click(demo.form.save)
        assert stored() == ("scans/new.txt", b"second")
        page.set(scan, None)
        page.click(demo.form.save)
        assert (Book.objects.get().scan.name, Book.objects.get().cover.name) == ("", "covers/cover.png")
        page.set(scan, {"path": "/etc/passwd"})
        page.click(demo.form.save)
        assert "not uploaded here" in str(page.problem(scan))


def test_a_forms_files_are_uploads(tmp_path: Path) -> None:
    class Send(forms.Form):
        letter = forms.FileField(max_length=20, widget=forms.ClearableFileInput)
        picture = forms.ImageField(required=False)

    seen: list[Any] = []

    def save(form: Any, request: gr.Request) -> None:
        letter: UploadedFile = form.cleaned_data["letter"]
        seen.extend([letter.name, letter.size, letter.content_type, letter.read(), form.cleaned_data["picture"].image])

    demo = gr.from_form(Send, save=save)
    with PageUser(demo) as page:
        page.set(demo.fields["picture"], uploaded(tmp_path, "no.png", b"no picture"))
        page.click(demo.submit_btn)
        assert problems(page, demo)["letter"] == "This field is required."
        assert problems(page, demo)["picture"].startswith("Upload a valid image.")
        page.set(demo.fields["letter"], uploaded(tmp_path, "a b.txt", b"Dear Ada"))
        page.set(demo.fields["picture"], file_data.sample("image.png"))
        page.set(demo.fields["picture"], uploaded(tmp_path, "i.png", (file_data.SAMPLES / "image.png").read_bytes()))
        page.click(demo.submit_btn)
        assert problems(page, demo) == {} and page.errors[1:] == []
    assert seen[:4] == ["a b.txt", 8, "text/plain", b"Dear Ada"] and seen[4].format == "PNG"


@pytest.mark.parametrize(
    ("form", "message"),
    [
        (forms.formset_factory(Everything), "Formsets are not supported"),
        (Everything(), "Give the class Everything itself"),
        (dict, "A class of django.forms.Form"),
        (type("Empty", (forms.Form,), {}), "Empty has no fields."),
        (Everything, "Everything has no save()"),
    ],
)
def test_what_is_no_form_to_save_is_refused(form: Any, message: str) -> None:
    with pytest.raises(DeclarationError) as error:
        gr.from_form(form)
    assert message in str(error.value)
