/** The element with this id, which the page's HTML is known to hold. */
export function byId(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no element "${id}"`);
  return element;
}

/** As {@link byId}, for an input. */
export function inputById(id: string): HTMLInputElement {
  return byId(id) as HTMLInputElement;
}

/** As {@link byId}, for a button. */
export function buttonById(id: string): HTMLButtonElement {
  return byId(id) as HTMLButtonElement;
}

/** Sets an element's text; hides the element where there is none. */
export function say(id: string, text: string | undefined): void {
  const element = byId(id);
  element.textContent = text ?? '';
  element.hidden = text === undefined;
}

/** Says something to those who do not see the page. */
export function announce(text: string): void {
  byId('status').textContent = text;
}

/**
 * Puts HTML of the report into an element. Its style attributes are set one by one: the page's policy lets a script set
 * styles, and markup not.
 */
export function putReportHtml(element: HTMLElement, html: string): void {
  const { content } = Object.assign(document.createElement('template'), {
    innerHTML: html.replaceAll(/ style="([^"]*)"/g, ' data-style="$1"'),
  });
  for (const styled of content.querySelectorAll<HTMLElement>('[data-style]')) {
    styled.style.cssText = styled.dataset['style'] ?? '';
    delete styled.dataset['style'];
  }
  element.replaceChildren(content);
}

/** Offers bytes or text as a file to keep. */
export function saveAs(name: string, content: BlobPart, type: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  // The browser reads the address after the click has been dealt with.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Light, dark, or what the system says. */
export function followTheme(): void {
  byId('theme').addEventListener('click', () => {
    const system = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
    const now = document.documentElement.dataset['theme'] ?? system;
    document.documentElement.dataset['theme'] = now === 'dark' ? 'light' : 'dark';
  });
}
