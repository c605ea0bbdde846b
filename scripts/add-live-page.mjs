/** Puts the live page, which the build made, into the site that TypeDoc made. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './workspace.mjs';

cpSync(join(root, 'docs/live/dist'), join(root, 'docs/site/live'), { recursive: true });
