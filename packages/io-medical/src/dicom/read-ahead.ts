/**
 * Loads things in order with a few under way ahead of the one that is worked on, so that disk and processor are busy
 * at the same time.
 *
 * @yields what was loaded, in the order of `items`
 */
export async function* readAhead<Item, Loaded>(
  items: readonly Item[],
  load: (item: Item) => Promise<Loaded>,
  ahead: number,
): AsyncGenerator<Loaded, void, void> {
  const underWay: Promise<Loaded>[] = [];
  let next = 0;
  const fill = (): void => {
    for (; underWay.length < ahead && next < items.length; next++) {
      const loading = load(items[next] as Item);
      // It is awaited in its turn; a failure must not count as unhandled until then, nor if its turn never comes.
      loading.catch(() => undefined);
      underWay.push(loading);
    }
  };
  for (fill(); underWay.length > 0; fill()) {
    const loaded = await (underWay.shift() as Promise<Loaded>);
    fill();
    yield loaded;
  }
}
