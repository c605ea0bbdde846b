import { katex } from '@mdit/plugin-katex';
import { OptionDefaults } from 'typedoc';

// A public address such as https://host/owner/repository/blob/main turns "Defined in" into links.
const sources = process.env['INFNET_SOURCE_URL'];
const links = {
  disableGit: true,
  ...(sources === undefined ? { disableSources: true } : { sourceLinkTemplate: `${sources}/{path}#L{line}` }),
};

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
  includeVersion: true,
  searchInDocuments: true,
  highlightLanguages: [...OptionDefaults.highlightLanguages, 'python', 'diff'],
  navigation: { includeCategories: true, includeGroups: false },
  validation: { notExported: true, invalidLink: true, notDocumented: true, rewrittenLink: true },
  treatWarningsAsErrors: true,
  ...links,
  // MathML needs neither style sheet nor font nor script in the page.
  markdownItLoader: (parser) => parser.use(katex, { output: 'mathml' }),
};
