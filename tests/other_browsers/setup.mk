# Two browsers beside Chromium, from Debian: Firefox, and WebKit with its driver and a screen that nobody sees.
.PHONY: other-browsers-setup
other-browsers-setup: .make/firefox-esr .make/WebKitWebDriver .make/Xvfb

.make/firefox-esr: PACKAGE = firefox-esr
.make/WebKitWebDriver: PACKAGE = webkit2gtk-driver
.make/Xvfb: PACKAGE = xvfb

.make/firefox-esr .make/WebKitWebDriver .make/Xvfb: .make/%: .make/venv
	@mkdir -p .make; \
	if ! command -v $* >/dev/null; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo 'Installing $(PACKAGE)…'; \
	    $(APT) $(PACKAGE) || exit 1; \
	  else \
	    echo 'The tests of other browsers need $*: install Debian'"'"'s package $(PACKAGE).' >&2; exit 1; \
	  fi; \
	fi; \
	touch $@
