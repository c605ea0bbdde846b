/** Version of this package, recorded in every result. A test holds it equal to package.json. */
export const VERSION = '0.1.0';

/** What every definition starts with. */
export const ORIGIN: { readonly package: '@infnet/metrics'; readonly version: string } = {
  package: '@infnet/metrics',
  version: VERSION,
};
