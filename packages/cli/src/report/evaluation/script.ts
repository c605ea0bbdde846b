/** Light and dark, and tables that sort by the column whose heading is pressed; undefined values stay last. */
export const EVALUATION_SCRIPT = `document.getElementById('theme').addEventListener('click', () => {
  const root = document.documentElement;
  const system = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  root.dataset.theme = (root.dataset.theme ?? system) === 'dark' ? 'light' : 'dark';
});
for (const table of document.querySelectorAll('table.sortable')) {
  table.tHead.addEventListener('click', (event) => {
    const heading = event.target.closest('th');
    if (!heading) return;
    const column = heading.cellIndex;
    const up = heading.getAttribute('aria-sort') !== 'ascending';
    for (const other of heading.parentElement.children) other.removeAttribute('aria-sort');
    heading.setAttribute('aria-sort', up ? 'ascending' : 'descending');
    const valueOf = (row) => row.cells[column].dataset.value ?? row.cells[column].textContent;
    const rows = [...table.tBodies[0].rows].sort((a, b) => {
      const [first, second] = [valueOf(a), valueOf(b)];
      if (first === '' || second === '') return Number(first === '') - Number(second === '');
      const order = column === 0 ? first.localeCompare(second, 'en', { numeric: true }) : first - second;
      return up ? order : -order;
    });
    table.tBodies[0].append(...rows);
  });
}`;
