"""The end of processes that serve: what pages and programs are told, what is written, and how they exit."""
