/* What TypeDoc's pages leave undone for those who read them by keyboard or by ear; docs/site.css lays the results out. */

/**
 * A page with children has its link inside the summary that opens them: one control in another, which a screen reader
 * announces as one of the two. The link goes beside its arrow.
 */
function linksBesideTheirArrows(navigation) {
  for (const link of navigation.querySelectorAll('summary > a')) {
    const summary = link.parentElement;
    summary.setAttribute('aria-label', `Pages of ${link.textContent.trim()}`);
    link.classList.add('row-link');
    summary.parentElement.before(link);
  }
}

/** What is wider than its page can be scrolled by keyboard too. */
function reachWhatScrolls() {
  for (const table of document.querySelectorAll('.tsd-typography table')) {
    const frame = document.createElement('div');
    frame.className = 'scrolls';
    table.replaceWith(frame);
    frame.append(table);
  }
  for (const element of document.querySelectorAll('.scrolls, .katex-block')) element.tabIndex = 0;
}

const navigation = document.getElementById('tsd-nav-container');
if (navigation) {
  // TypeDoc fills it when its file has come.
  const fill = () => linksBesideTheirArrows(navigation);
  new MutationObserver(fill).observe(navigation, { childList: true, subtree: true });
  fill();
}
for (const permalink of document.querySelectorAll('summary .tsd-anchor-icon')) permalink.remove();
reachWhatScrolls();

/**
 * TypeDoc hides a page for a moment, until its navigation has come, and looks for nothing before the index has come:
 * whoever opens the search and types at once would type into the void, and be left without an answer.
 */
function searchWhoTypesAtOnce() {
  document.addEventListener('keydown', () => globalThis.app?.showPage(), { capture: true });
  const [field, status] = ['tsd-search-input', 'tsd-search-status'].map((id) => document.getElementById(id));
  if (!field || !status) return;
  const observer = new MutationObserver(() => {
    observer.disconnect();
    if (field.value !== '') field.dispatchEvent(new InputEvent('input'));
  });
  observer.observe(status, { childList: true }); // emptied as soon as there is an index
}
searchWhoTypesAtOnce();
