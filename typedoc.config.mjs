import { katex } from '@mdit/plugin-katex';
import { JSX, OptionDefaults } from 'typedoc';

// A public address such as https://host/owner/repository/blob/main turns "Defined in" into links.
const sources = process.env['INFNET_SOURCE_URL'];
const links = {
  disableGit: true,
  ...(sources === undefined ? { disableSources: true } : { sourceLinkTemplate: `${sources}/{path}#L{line}` }),
};

/** Puts a link to the page that segments in the browser on top of every page's navigation. */
function livePage(app) {
  app.renderer.hooks.on('sidebar.begin', (context) =>
    JSX.createElement(
      'a',
      { class: 'live-page', href: context.relativeURL('live/index.html') },
      'Segment a CT in this browser',
    ),
  );
}

/** @type {Partial<import('typedoc').TypeDocOptions>} */
export default {
  name: 'Inf-Net for JavaScript',
  entryPointStrategy: 'packages',
  entryPoints: ['packages/*'],
  // Without entry points of its own a package is documented as its "exports" declare it, sub-paths included.
  packageOptions: { ...links, tsconfig: 'tsconfig.lib.json', excludeInternal: true, excludeProtected: true },
  projectDocuments: ['getting-started', 'how-to', 'reference', 'explanation'].map(
    (kind) => `docs/guide/${kind}.md`,
  ),
  readme: 'README.md',
  out: 'docs/site',
  customCss: 'docs/site.css',
  customJs: 'docs/site.js',
  plugin: [livePage],
  includeVersion: true,
  includeHierarchySummary: false, // it lists some types without an anchor that their pages link to
  searchInDocuments: true,
  highlightLanguages: [...OptionDefaults.highlightLanguages, 'python', 'diff'],
  navigation: { includeCategories: true, includeGroups: false },
  validation: { notExported: true, invalidLink: true, notDocumented: true, rewrittenLink: true },
  treatWarningsAsErrors: true,
  ...links,
  // MathML needs neither style sheet nor font nor script in the page.
  markdownItLoader: (parser) => parser.use(katex, { output: 'mathml' }),
};
