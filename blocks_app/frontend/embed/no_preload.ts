/** Stands in for what the build puts around `import()`: the loader has no style sheets, and a site's page no "blocks". */
export const __vitePreload = <T>(load: () => Promise<T>): Promise<T> => load();
