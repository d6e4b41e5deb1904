# Servers of others that tests need: nginx as the reverse proxy, OpenSSH as the relay of shared links, Redis for State,
# PostgreSQL as the other database, PgBouncer as what pools its connections,
# MariaDB as the third one.
# Debian's packages; nothing is started as a service, the tests bring their own settings, keys and ports.
LAUNCH_PROGRAMS := nginx sshd redis-server initdb pgbouncer mariadbd
LAUNCH_PATH := $(PATH):/usr/local/sbin:/usr/sbin:/sbin

.PHONY: launch-setup
launch-setup: $(LAUNCH_PROGRAMS:%=.make/%)

.make/nginx: PACKAGE = nginx
.make/sshd: PACKAGE = openssh-server
.make/redis-server: PACKAGE = redis-server
.make/initdb: PACKAGE = postgresql
.make/pgbouncer: PACKAGE = pgbouncer
.make/mariadbd: PACKAGE = mariadb-server-core

$(LAUNCH_PROGRAMS:%=.make/%): .make/%: .make/venv
	@mkdir -p .make; \
	if ! PATH="$(LAUNCH_PATH):$$(echo /usr/lib/postgresql/*/bin | tr " " :)" command -v $* >/dev/null; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo 'Installing $(PACKAGE)…'; \
	    $(APT) $(PACKAGE) || exit 1; \
	  else \
	    echo 'The tests need $*: install Debian'"'"'s package $(PACKAGE).' >&2; exit 1; \
	  fi; \
	fi; \
	touch $@

# The real experiment trackers, in an environment of their own in the user's cache folder.
TRACKERS := $(if $(XDG_CACHE_HOME),$(XDG_CACHE_HOME),$(HOME)/.cache)/blocks-trackers

.PHONY: trackers-setup
trackers-setup: $(TRACKERS)/stamp

$(TRACKERS)/stamp: tests/launch/requirements-trackers.txt
	@mkdir -p $(TRACKERS); \
	if ! cmp -s $< $(TRACKERS)/venv/requirements.txt; then \
	  echo 'Installing experiment trackers…'; \
	  rm -rf $(TRACKERS)/venv && python3 -m venv $(TRACKERS)/venv && \
	  $(TRACKERS)/venv/bin/pip install --quiet --no-compile --disable-pip-version-check -r $< && \
	  cp $< $(TRACKERS)/venv/requirements.txt || exit 1; \
	fi; \
	touch $@
