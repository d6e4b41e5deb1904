/** When a block comes into view, for what is heavy: `await inSight(this)` before a library is loaded. */

/**
 * Resolves when the element is in the window or less than half a window away. One that is not shown at all does not
 * wait: it was made because somebody is about to open what it stands in, or wants it for a script.
 */
export function inSight(element: Element): Promise<void> {
  if (!element.getClientRects().length) return Promise.resolve();
  return new Promise((resolve) => {
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
        observer.disconnect();
        resolve();
      },
      { rootMargin: "50%" },
    );
    observer.observe(element);
  });
}
