"""LoginButton, LogoutButton and DuplicateButton."""

TRY = {"LoginButton.signed_in_value": "You are {}", "DuplicateButton._activate": False}
OTHER_DEFAULTS = {
    "LoginButton.value": "a Django site logs in on its own",
    "LoginButton.icon": "and has no logo of another",
    "LogoutButton.icon": "as the LoginButton",
    "LogoutButton.link": "beside the page, wherever the app is in the site",
}
