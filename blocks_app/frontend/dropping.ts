/** Files and links that are dropped where nobody takes them: the browser would leave the page for them. */

/** A field that takes what is dropped by itself: texts and links where one writes, files where one chooses them. */
function takesIt(target: EventTarget | null, files: boolean): boolean {
  const field = (target as Element | null)?.closest?.("input, textarea, [contenteditable]");
  if (!field || field.matches(":disabled, [contenteditable=false]")) return false;
  return files === ((field as HTMLInputElement).type === "file");
}

/** Keeps the page where it is, whatever is dropped on it. Who takes the drop says so before, by `preventDefault`. */
export function keepPage(): void {
  for (const name of ["dragenter", "dragover", "drop"])
    addEventListener(name, (event) => {
      const { dataTransfer, defaultPrevented, target } = event as DragEvent;
      const files = !!dataTransfer?.types.includes("Files");
      if (defaultPrevented || takesIt(target, files)) return;
      if (!files && !dataTransfer?.types.includes("text/uri-list")) return;
      event.preventDefault();
      if (dataTransfer) dataTransfer.dropEffect = "none";
    });
}
