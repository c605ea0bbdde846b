import type { Browser, Page } from 'playwright-core';

/** Path of a Chromium: the environment variable CHROMIUM_PATH, or one of the usual places. */
export function chromiumPath(): string | undefined;

/** Why tests in Chromium are skipped; empty when they are not. */
export function noChromium(): string;

/** Environment of a process that computes on the SwiftShader which Chromium brings along; empty where there is none. */
export function swiftShaderEnvironment(): Readonly<Record<string, string>>;

export interface Served {
  readonly body: string | Uint8Array;
  /** Media type. */
  readonly type: string;
}

export interface PageOptions {
  /** What lies at a path, such as `/` or `/main.js`. Anything else is 404, and no request leaves the machine. */
  readonly serve: (path: string) => Served | undefined | Promise<Served | undefined>;
  /** Cross-origin isolated, as threads in WebAssembly want it. Default false. */
  readonly isolated?: boolean;
  /** More flags for Chromium. */
  readonly flags?: readonly string[];
}

export interface OpenPage {
  /** At `/` of a secure origin. */
  readonly page: Page;
  /** Errors and warnings on its console, and uncaught exceptions. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

/** Starts headless Chromium, for pages that are served in another way than {@link openPage} does. */
export function launchChromium(options?: { readonly flags?: readonly string[] }): Promise<Browser>;

/** Opens a page in headless Chromium. */
export function openPage(options: PageOptions): Promise<OpenPage>;
