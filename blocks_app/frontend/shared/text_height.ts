/** As high as its text: `import("blocks/text_height")` makes a textarea so where the browser has no `field-sizing`. */
export function fit(control: HTMLElement): void {
  control.style.height = "auto";
  const { paddingTop, paddingBottom } = getComputedStyle(control);
  control.style.height = `${control.scrollHeight - parseFloat(paddingTop) - parseFloat(paddingBottom)}px`;
}
