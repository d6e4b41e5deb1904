/** What a page says of its session while the server is there; loaded when it is said. */

export const NOTICES = {
  replaced: /* t */ "This session continues in another window. Reload the page to use it here.",
  restarted: /* t */ "The server was restarted. This page is connected again.",
  forgotten:
    /* t */ "The server was restarted and has forgotten what it kept for this page. This page is connected again.",
};
