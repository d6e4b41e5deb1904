"""Apps made from a Django form, a model or a queryset, built from Blocks with nothing but what every app may use.

The nouns are the form app, which fills a form and saves it, and the model app, which lists rows and has such a form for
one of them. Values go through the form's own fields and validators, and nothing but these fields is ever written.

Interface: `form_app`, `model_app`.
"""
