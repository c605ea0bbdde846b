import type { Page } from 'playwright-core';

/**
 * What keeps people from a page as it stands, on a desk and on a phone, in light and in dark: what axe finds of WCAG 2.2,
 * levels A and AA, and a width that has to be scrolled. Empty when nothing does.
 */
export function breachesOf(page: Page): Promise<string[]>;
