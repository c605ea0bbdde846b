/** What keys do: some everywhere, some only where no control of the page takes them. */
export interface Keys {
  readonly always: Readonly<Record<string, () => void>>;
  readonly outsideControls: Readonly<Record<string, () => void>>;
}

/** Listens to keys without modifiers. @param isOn whether they do anything now */
export function listenToKeys({ always, outsideControls }: Keys, isOn: () => boolean): void {
  document.addEventListener('keydown', (event) => {
    if (!isOn() || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target instanceof Element ? event.target : document.body;
    const inControl = target.matches('input, select, textarea');
    const action = always[event.key.toLowerCase()] ?? (inControl ? undefined : outsideControls[event.key]);
    if (!action) return;
    event.preventDefault();
    action();
  });
}
