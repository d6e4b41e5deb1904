/** What the build puts around every `import()`: links the chunk's style sheets, then loads it. */
export function preload<T>(
  load: () => Promise<T>,
  files: string[] = [],
  from = document.baseURI,
): Promise<T> {
  const styles = files.filter((file) => file.endsWith(".css")).map((file) => link(new URL(file, from).href));
  return Promise.all(styles).then(load);
}

/** Links a style sheet once; settles when it is there (or missing, which the browser tells). */
export function link(href: string): Promise<unknown> | undefined {
  if ([...document.styleSheets].some((sheet) => sheet.href === href)) return undefined;
  // the page's own sheet is made of several files of the build and names them
  if (document.querySelector(`link[data-holds~="${CSS.escape(href.split("/").pop()!)}"]`)) return undefined;
  const element = document.createElement("link");
  element.rel = "stylesheet";
  element.href = href;
  document.head.append(element);
  return new Promise((done) => (element.onload = element.onerror = done));
}
