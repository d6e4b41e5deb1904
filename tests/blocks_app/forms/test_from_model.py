"""gr.from_model: rows are listed, opened, added, changed and deleted, each time as far as the visitor may."""

from __future__ import annotations

from typing import Any

import pytest

import blocks_app as gr
from queue_app.testing import PageUser
from tests.blocks_app.forms.library import Book, Loan, Reader, Shelf, Topic, may

ALL = may("view", "add", "change", "delete")
FIELDS = ["title", "shelf", "topics", "price"]


def books(**options: Any) -> Any:
    return gr.from_model(Book, **{"fields": FIELDS, "list_display": ["title", "shelf", "price"], **options})


def rows(page: PageUser, demo: Any) -> list[list[Any]]:
    found: list[list[Any]] = page.value(demo.table)["data"]
    return [] if found == [[]] else found


def choose(page: PageUser, demo: Any, title: str) -> None:
    at = next(number for number, row in enumerate(rows(page, demo)) if row[0] == title)
    page.select(demo.table, [at, 0])


def fill(page: PageUser, demo: Any, **values: Any) -> None:
    for name, value in values.items():
        page.set(demo.fields[name], value)


@pytest.fixture
def shelf(library: None) -> Shelf:
    return Shelf.objects.create(name="Poetry")


def test_a_row_is_added_changed_and_deleted(shelf: Shelf) -> None:
    demo = books()
    with PageUser(demo, user=ALL) as page:
        assert (rows(page, demo), page.value(demo.list.place)) == ([], "No books.")
        fill(page, demo, title="Odes", shelf=str(shelf.pk), price=9.5)
        page.click(demo.form.save)
        assert rows(page, demo) == [["Odes", "Poetry", 9.5]] and page.toasts[-1].text == "The book “Odes” was added."
        choose(page, demo, "Odes")
        assert page.value(demo.form.heading) == "## Book “Odes”"
        assert [page.value(demo.fields[name]) for name in FIELDS] == ["Odes", str(shelf.pk), [], 9.5]
        fill(page, demo, title="Epodes")
        page.click(demo.form.save)
        assert rows(page, demo) == [["Epodes", "Poetry", 9.5]]
        page.click(demo.form.delete)
        assert page.value(demo.form.question) == "Delete “Epodes”?" and page.prop(demo.form.asking, "visible")
        page.click(demo.form.sure)
        assert (rows(page, demo), Book.objects.count(), page.value(demo.form.pk)) == ([], 0, "")
    assert page.errors == []


def test_what_is_wrong_stands_at_the_field(shelf: Shelf) -> None:
    demo = books()
    Book.objects.create(title="Odes", shelf=shelf)
    with PageUser(demo, user=ALL) as page:
        fill(page, demo, title="Odes", price=1.234)
        page.click(demo.form.save)
        assert [page.problem(demo.fields[name]) for name in FIELDS] == [
            "Book with this Title already exists.", "This field is required.", None,
            "Ensure that there are no more than 2 decimal places.",
        ]  # fmt: skip
        fill(page, demo, title="Epodes", price=1.23, shelf=str(shelf.pk))
        page.click(demo.form.save)
        assert [row[0] for row in rows(page, demo)] == ["Epodes", "Odes"]


def test_two_people_with_different_permissions(shelf: Shelf) -> None:
    Book.objects.create(title="Odes", shelf=shelf)
    demo = books()
    with PageUser(demo, user=may("view")) as reader, PageUser(demo, user=ALL) as keeper, PageUser(demo) as nobody:
        assert (rows(nobody, demo), len(rows(reader, demo)), len(rows(keeper, demo))) == ([], 1, 1)
        assert nobody.value(demo.list.place) == "There is nothing here that you may see."
        choose(reader, demo, "Odes")
        assert reader.value(demo.fields["title"]) == "Odes"
        assert not reader.prop(demo.fields["title"], "interactive") and not reader.prop(demo.form.delete, "visible")
        fill(reader, demo, title="Stolen")
        for button in (demo.form.save, demo.form.delete, demo.form.sure):
            reader.click(button)
        assert reader.errors == ["You may not change books.", "You may not delete books.", "You may not delete books."]
        reader.set(demo.form.pk, "")
        reader.click(demo.form.save)
        nobody.click(demo.form.save)
        assert (reader.errors[-1], nobody.errors) == (
            "You may not add books.", ["You may not add books. Log in first."]
        )  # fmt: skip
        choose(keeper, demo, "Odes")
        assert keeper.prop(demo.fields["title"], "interactive") and keeper.prop(demo.form.delete, "visible")
    assert Book.objects.get().title == "Odes"


def test_a_permission_for_a_single_row(shelf: Shelf) -> None:
    mine, other = (Book.objects.create(title=title, shelf=shelf) for title in ("Mine", "Other"))
    demo = books()
    with PageUser(demo, user=Reader(f"forms.change_book:{mine.pk}")) as page:
        page.set(demo.form.pk, str(mine.pk))
        fill(page, demo, title="Changed", shelf=str(shelf.pk))
        page.click(demo.form.save)
        page.set(demo.form.pk, str(other.pk))
        page.click(demo.form.save)
        assert page.errors == ["This book is not there any more, or not for you."]
    assert sorted(Book.objects.values_list("title", flat=True)) == ["Changed", "Other"]


def test_rows_that_only_a_function_tells_apart(shelf: Shelf) -> None:
    for title in ("Mine", "Other"):
        Book.objects.create(title=title, shelf=shelf)
    demo = books(
        permissions=lambda user, action, book: book is not None and book.title == "Mine",
        list_display=["title", "shelf__name", lambda book: book.title.lower()],
    )
    with PageUser(demo) as page:
        assert page.value(demo.table)["headers"] == ["Title", "Shelf name", "Value"]
        assert (rows(page, demo), page.value(demo.list.place)) == ([["Mine", "Poetry", "mine"]], "1–1 of 1 book")
        choose(page, demo, "Mine")
        assert page.prop(demo.form.save, "interactive") and not page.prop(demo.form.new, "interactive")


def test_a_key_outside_of_the_queryset_is_nobodys(shelf: Shelf) -> None:
    other = Book.objects.create(title="Theirs", shelf=shelf, owner="bob")
    demo = books(queryset=lambda request: Book.objects.filter(owner="ada"))
    with PageUser(demo, user=ALL) as page:
        assert rows(page, demo) == []
        for key in (str(other.pk), "7", "x", "\0", "9" * 5000, "\ud800"):
            page.set(demo.form.pk, key)
            fill(page, demo, title="Taken", shelf=str(shelf.pk))
            page.click(demo.form.save)
            page.click(demo.form.sure)
        assert set(page.errors) == {"This book is not there any more, or not for you."} and len(page.errors) == 12
    assert Book.objects.get().title == "Theirs"


def test_a_choice_outside_of_the_forms_queryset_is_none(shelf: Shelf) -> None:
    from django import forms

    class BookForm(forms.ModelForm):
        shelf = forms.ModelChoiceField(Shelf.objects.exclude(name="Secret"))

        class Meta:
            model = Book
            fields = ("title", "shelf", "topics")

    secret = Shelf.objects.create(name="Secret")
    demo = books(form_class=BookForm)
    with PageUser(demo, user=ALL) as page:
        assert [name for name, _ in page.prop(demo.fields["shelf"], "choices")] == ["Poetry"]
        fill(page, demo, title="Odes", shelf=str(secret.pk), topics=["77"])
        page.click(demo.form.save)
        assert page.problem(demo.fields["shelf"]) == (
            "Select a valid choice. That choice is not one of the available choices."
        )
        assert page.problem(demo.fields["topics"]) == "Select a valid choice. 77 is not one of the available choices."
    assert not Book.objects.exists()


def test_what_somebody_else_has_changed_is_not_overwritten(shelf: Shelf) -> None:
    Book.objects.create(title="Odes", shelf=shelf)
    demo = books()
    with PageUser(demo, user=ALL) as first, PageUser(demo, user=ALL) as second:
        choose(first, demo, "Odes")
        choose(second, demo, "Odes")
        fill(first, demo, title="Odes I")
        first.click(demo.form.save)
        fill(second, demo, price=3)
        second.click(demo.form.save)
        changed = "Somebody has changed this book meanwhile. Open it again to see how it is now."
        assert second.problem(demo.form.heading) == changed and Book.objects.get().price is None
        second.click(demo.form.sure)
        assert second.errors[-1] == changed and Book.objects.count() == 1
        first.click(demo.form.sure)
        second.click(demo.form.save)
        assert second.errors[-1] == "This book is not there any more, or not for you."


def test_what_goes_with_a_row_is_said_and_what_keeps_it(shelf: Shelf) -> None:
    book = Book.objects.create(title="Odes", shelf=shelf)
    demo = gr.from_model(Shelf)
    assert demo.table.headers == ["Shelf"]
    with PageUser(demo, user=may("view", "change", "delete", kinds=("shelf",))) as page:
        page.select(demo.table, [0, 0])
        page.click(demo.form.delete)
        assert page.errors == ["You may not delete books, which would go with it."]
    with PageUser(demo, user=may("view", "change", "delete", kinds=("shelf", "book"))) as page:
        page.select(demo.table, [0, 0])
        page.click(demo.form.delete)
        assert page.value(demo.form.question) == r"Delete “Poetry”? With it go\: 1 book\."
        Loan.objects.create(book=book)
        page.click(demo.form.sure)
        assert page.errors == ["“Poetry” cannot be deleted: a loan needs it."]
    assert Shelf.objects.exists()


def test_rows_are_searched_ordered_and_shown_by_pages(shelf: Shelf) -> None:
    Book.objects.bulk_create(Book(title=f"Book {n:02}", shelf=shelf, price=n % 5) for n in range(23))
    demo = books(list_per_page=10, search_fields=["title", "shelf__name"])
    with PageUser(demo, user=ALL) as page:
        assert (len(rows(page, demo)), page.value(demo.list.place)) == (10, "1–10 of 23 books")
        page.click(demo.list.following)
        page.click(demo.list.following)
        assert [row[0] for row in rows(page, demo)] == ["Book 20", "Book 21", "Book 22"]
        assert not page.prop(demo.list.following, "interactive")
        choose(page, demo, "Book 21")
        assert page.value(demo.fields["title"]) == "Book 21"
        page.set(demo.list.order, "-price")
        assert [row[2] for row in rows(page, demo)] == [4.0] * 4 + [3.0] * 4 + [2.0] * 2
        page.set(demo.list.words, "poet 07")
        page.submit(demo.list.words)
        assert [row[0] for row in rows(page, demo)] == ["Book 07"]
        page.set(demo.list.order, "owner")  # no column of the list
        assert page.errors == []


def test_of_a_long_queryset_the_server_finds_what_is_typed(shelf: Shelf) -> None:
    Shelf.objects.bulk_create(Shelf(name=f"Shelf {n:03}") for n in range(250))
    last = Shelf.objects.get(name="Shelf 249")
    for searched in (None, {"shelf": ["name"]}):
        demo = books(choice_limit=20, choice_search=searched)
        box = demo.fields["shelf"]
        with PageUser(demo, user=ALL) as page:
            assert len(page.prop(box, "choices")) == 20
            page.fire(box, "key_up", {"key": "9", "input_value": "shelf 249"})
            assert page.prop(box, "choices") == [["Shelf 249", str(last.pk)]]
            page.set(box, str(last.pk))
            page.fire(box, "key_up", {"key": "y", "input_value": "poetry"})
            assert [name for name, _ in page.prop(box, "choices")] == ["Shelf 249", "Poetry"]
        with PageUser(demo, user=may("view")) as page:
            page.fire(box, "key_up", {"key": "9", "input_value": "shelf 249"})
            assert page.prop(box, "choices") == []


def test_a_reader_gets_no_choices_but_what_is_chosen(shelf: Shelf) -> None:
    Shelf.objects.create(name="Secret")
    Book.objects.create(title="Odes", shelf=shelf)
    demo = books()
    box = demo.fields["shelf"]
    with PageUser(demo, user=may("view")) as reader:
        choose(reader, demo, "Odes")
        assert (reader.prop(box, "choices"), reader.value(box)) == ([["Poetry", str(shelf.pk)]], str(shelf.pk))


def test_save_means_the_row_that_is_shown(shelf: Shelf) -> None:
    Book.objects.create(title="Odes", shelf=shelf)
    demo = books()
    with PageUser(demo, user=ALL) as page:
        fill(page, demo, title="New one", shelf=str(shelf.pk))
        page.hold()
        page.select(demo.table, [0, 0], wait=False)  # it is not open yet
        page.click(demo.form.save, wait=False)
        page.deliver()
        page.wait()
    assert sorted(Book.objects.values_list("title", flat=True)) == ["New one", "Odes"]


def test_a_permission_that_is_taken_away_is_gone_at_once(shelf: Shelf) -> None:
    book = Book.objects.create(title="Odes", shelf=shelf)
    user = may("view", "change")
    demo = books()
    with PageUser(demo, user=user) as page:
        choose(page, demo, "Odes")
        user.permissions.discard("forms.change_book")
        fill(page, demo, title="Changed")
        page.click(demo.form.save)
        assert page.errors == ["You may not change books."]
    assert Book.objects.get(pk=book.pk).title == "Odes"


def test_actions_run_on_the_opened_row(shelf: Shelf) -> None:
    def give_away(queryset: Any, request: gr.Request) -> str:
        return f"{queryset.update(owner='somebody')} given away."

    Book.objects.create(title="Odes", shelf=shelf)
    demo = books(actions=[give_away], list_display=["title", "owner"])
    button = demo.form.actions[0][0]
    with PageUser(demo, user=ALL) as page, PageUser(demo, user=may("view")) as reader:
        for each in (page, reader):
            choose(each, demo, "Odes")
            each.click(button)
        assert (page.toasts[-1].text, rows(page, demo)) == ("1 given away.", [["Odes", "somebody"]])
        assert reader.errors == ["You may not change books."] and button.value == "Give away"


def test_programs_list_save_and_delete(shelf: Shelf) -> None:
    demo = books(permissions=None)
    topic = Topic.objects.create(name="Rome")
    with PageUser(demo) as page:
        assert sorted(page.mount.blocks.get_api_info()["named_endpoints"]) == ["/delete", "/list", "/read", "/save"]
    text, key = demo("Odes", str(shelf.pk), [str(topic.pk)], None, "", "", api_name="/save")
    assert text == "The book “Odes” was added." and str(Book.objects.get().pk) == key
    assert [each.name for each in Book.objects.get().topics.all()] == ["Rome"]
    assert demo("", "", 1, api_name="/list")[0]["data"] == [["Odes", "Poetry", None]]
    found = demo(key, api_name="/read")
    assert {**found, "version": ""} == {
        "title": "Odes", "shelf": str(shelf.pk), "topics": [str(topic.pk)], "price": None, "pk": key, "version": ""
    }  # fmt: skip
    demo("Odes II", str(shelf.pk), [], 2, key, found["version"], api_name="/save")
    with pytest.raises(gr.Error, match="Somebody has changed this book meanwhile"):
        demo("Odes III", str(shelf.pk), [], 2, key, found["version"], api_name="/save")
    with pytest.raises(gr.Error, match="Title: This field is required"):
        demo("", str(shelf.pk), [], 2, key, "", api_name="/save")
    assert demo(key, "", api_name="/delete") == "The book “Odes II” was deleted."


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((Book,), {"permissions": None}, "Say by fields="),
        ((Book.objects.all()[:3],), {}, "cut"),
        ((Book.objects.values("title"),), {}, "values()"),
        ((Book,), {"list_display": ["titel"]}, "titel"),
        ((Book,), {"search_fields": ["titel"]}, "titel"),
        ((Book,), {"permissions": {"see": True}, "fields": ["title"]}, "permissions is"),
        (("book",), {}, "A model or a queryset is needed"),
        ((Book,), {"list_per_page": 0}, "list_per_page"),
        ((Book,), {"queryset": Book.objects.all()}, "function of the request"),
    ],
)
def test_what_cannot_be_is_said_at_once(arguments: Any, options: Any, message: str) -> None:
    with pytest.raises((ValueError, TypeError)) as error:
        gr.from_model(*arguments, **options)
    assert message in str(error.value)
