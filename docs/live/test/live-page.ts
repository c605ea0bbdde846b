import { readFile } from 'node:fs/promises';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { launchChromium } from '../../../scripts/chromium.mjs';
import { serveDist, type StaticServer } from './static-server.js';

/** Patience with a busy machine. */
const PATIENCE = 40_000;

/** A file to drop. */
export interface DroppedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The built page, open in Chromium, loaded so far that it needs nothing more. */
export class LivePage {
  readonly page: Page;
  readonly server: StaticServer;
  /** Errors on the console, breaches of the policy, uncaught exceptions. */
  readonly complaints: string[] = [];
  /** What anything in the browser asked for, of whomever. */
  readonly asked: string[] = [];
  readonly #browser: Browser;

  private constructor(browser: Browser, page: Page, server: StaticServer) {
    this.#browser = browser;
    this.page = page;
    this.server = server;
    page.setDefaultTimeout(PATIENCE);
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.context().on('request', (request) => this.asked.push(request.url()));
  }

  static async open(options: BrowserContextOptions & { flags?: readonly string[] } = {}): Promise<LivePage> {
    const { flags = [], ...context } = options;
    const server = await serveDist();
    const browser = await launchChromium({ flags });
    const live = new LivePage(browser, await (await browser.newContext(context)).newPage(), server);
    await live.load();
    return live;
  }

  /** Opens the page, and waits until it says that it works without a network. */
  async load(): Promise<void> {
    await this.page.goto(this.server.url);
    await this.page.waitForFunction(() => document.querySelector('#chip-offline')?.textContent === 'ready');
  }

  async choose(backend: string): Promise<void> {
    await this.page.selectOption('#backend', backend);
  }

  /** Lets files fall onto the page. */
  async drop(...files: readonly DroppedFile[]): Promise<void> {
    const given = files.map(({ name, bytes }) => ({ name, base64: Buffer.from(bytes).toString('base64') }));
    await this.page.evaluate((list) => {
      const transfer = new DataTransfer();
      for (const { name, base64 } of list) {
        transfer.items.add(new File([Uint8Array.from(atob(base64), (c) => c.codePointAt(0) ?? 0)], name));
      }
      document
        .querySelector('#drop, main')
        ?.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
    }, given);
  }

  /** Waits for a state of the page. */
  async become(state: 'empty' | 'running' | 'done' | 'error'): Promise<void> {
    try {
      await this.page.waitForSelector(`body[data-state=${state}]`, { state: 'attached' });
    } catch (cause) {
      const seen = await this.page.evaluate(() => document.body.innerText.slice(0, 1500));
      throw new Error(`the page did not become ${state}; it shows: ${seen}`, { cause });
    }
  }

  /** What the network was computed on. */
  backend(): Promise<string | null> {
    return this.page.textContent('#chip-backend');
  }

  /** Clicks what saves a file, and reads it. */
  async save(button: string): Promise<{ readonly name: string; readonly bytes: Uint8Array }> {
    const [download] = await Promise.all([this.page.waitForEvent('download'), this.page.click(button)]);
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.server.close();
  }
}
