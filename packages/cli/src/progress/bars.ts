import { Presets, SingleBar } from 'cli-progress';
import type { CliEvent } from './events.js';
import { duration, figure } from './format.js';
import type { OutputStream } from './reporter.js';

/** One progress bar at the bottom of the terminal, for whatever is under way. */
export class Bars {
  readonly #stream: OutputStream;
  #bar: SingleBar | undefined;
  #shown = '';

  constructor(stream: OutputStream) {
    this.#stream = stream;
  }

  /** Moves the bar, if the event is about progress. */
  show(event: CliEvent): void {
    if (event.event === 'progress') {
      this.#update(event.task, event.subject, event.done, event.total);
    } else if (event.event === 'step') {
      const { loss, epoch, epochs, secondsLeft } = event;
      const details = `epoch ${epoch}/${epochs}  loss ${figure(loss)}  ${duration(secondsLeft)} left`;
      this.#update('training', details, event.step, event.steps);
    } else if (event.event === 'end') {
      this.close();
    }
  }

  /** Wipes the bar's line before text is written there. */
  clear(): void {
    if (this.#bar) this.#stream.write('\r\u001B[K');
  }

  /** Draws the bar again after text was written. */
  redraw(): void {
    this.#bar?.render();
  }

  /** Takes the bar away. */
  close(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }

  #update(task: string, details: string, done: number, total: number): void {
    if (this.#shown !== `${task} ${total}`) this.close();
    this.#shown = `${task} ${total}`;
    const payload = { task, details: shortened(details) };
    if (!this.#bar) {
      this.#bar = new SingleBar(
        {
          stream: this.#stream as NodeJS.WritableStream,
          format: '{task} {bar} {value}/{total}  {details}',
          barsize: 24,
          clearOnComplete: true,
          hideCursor: true,
          gracefulExit: false,
          fps: 12,
        },
        Presets.shades_classic,
      );
      this.#bar.start(total, done, payload);
    }
    this.#bar.update(done, payload);
    if (done >= total) this.close();
  }
}

/** The middle left out, so that a line fits a narrow terminal. */
function shortened(text: string): string {
  return text.length > 48 ? `${text.slice(0, 23)}…${text.slice(-24)}` : text;
}
