"""Who makes up a site: its processes and workers, what they serve, and what is wrong with them.

The noun is the member: a process of the site, whatever it does. Asked by the admin, by commands, by health and checks.
"""
