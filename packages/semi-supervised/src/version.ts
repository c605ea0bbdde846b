/** Version of this package, as recorded with every run. */
export const VERSION = '0.1.0';
