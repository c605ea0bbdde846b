/** A folder of this user's cache, outside of the clone: `npm ci` would empty node_modules. */
export function tfjsNodeFolder(): string;
