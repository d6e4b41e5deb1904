/**
 * Says in words what the page's policy did not let be loaded: a picture, a sound or a film at a host that nobody has named.
 * A chunk of its own, which comes with the first of them.
 */
import { t } from "blocks";
import "./blocked_media.css";

const NODES: Record<string, [selector: string, word: string]> = {
  "img-src": ["img", t("The picture")],
  "media-src": ["video, audio, source", t("The sound or film")],
};

type Media = HTMLImageElement | HTMLMediaElement | HTMLSourceElement;

/** Puts a sentence in the place of each element that the browser refused to fill. */
export function tell({ effectiveDirective, blockedURI }: SecurityPolicyViolationEvent): void {
  const refused = URL.parse(blockedURI);
  const found = NODES[effectiveDirective];
  if (!refused || !found) return;
  for (const node of document.querySelectorAll<Media>(found[0])) {
    const address = URL.parse(node.src, document.baseURI);
    if (address?.origin !== refused.origin || ("naturalWidth" in node && node.naturalWidth)) continue;
    const shown =
      node instanceof HTMLSourceElement ? (node.closest<HTMLElement>("video, audio") ?? node) : node;
    explain(shown, found[1], address);
  }
}

function explain(node: HTMLElement, word: string, address: URL): void {
  const before = node.nextElementSibling;
  if (before?.classList.contains("blocked-media")) before.remove();
  const note = document.createElement("span");
  note.className = "blocked-media";
  note.setAttribute("role", "note");
  note.append(
    t(
      "{0} is not shown: it lies at {1}, and this page shows only what comes from hosts that the app names. ",
      word,
      address.host,
    ),
  );
  if (!node.closest("a, button")) {
    const link = Object.assign(document.createElement("a"), {
      href: address.href,
      target: "_blank",
      rel: "noopener noreferrer",
      textContent: t("Open it there"),
    });
    note.append(link);
  }
  node.after(note);
  node.hidden = true;
  const shows = (): void => {
    node.hidden = false;
    note.remove();
  };
  for (const name of ["load", "loadedmetadata"]) node.addEventListener(name, shows, { once: true });
}
