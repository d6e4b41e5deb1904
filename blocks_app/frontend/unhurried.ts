/** Work on many nodes in turns, so that the page answers in between. */

/** Milliseconds of one turn. */
const SLICE = 40;

/** Does `work` for each item that is still in the page: some now, the others in later turns. */
export function unhurried<T extends Node>(items: T[], work: (item: T) => void): void {
  const end = performance.now() + SLICE;
  let at = 0;
  while (at < items.length && performance.now() < end) work(items[at++]!);
  if (at < items.length)
    setTimeout(() =>
      unhurried(
        items.slice(at).filter(({ isConnected }) => isConnected),
        work,
      ),
    );
}
