/** Version of this package, recorded in every result. A test holds it equal to package.json. */
export const VERSION = '0.1.0';
