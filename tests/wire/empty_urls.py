"""A urlconf without addresses."""

urlpatterns: list[object] = []
