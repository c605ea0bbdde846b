import type { CliEvent } from './events.js';
import { duration, figure } from './format.js';
import { style } from './style.js';

/** The line a person sees for an event, or undefined where a bar says it better. */
export function textOf(event: CliEvent): string | undefined {
  switch (event.event) {
    case 'backend':
      return `${label('backend')} ${event.name} ${style('dim', `(${event.device})`)}`;
    case 'model':
      return `${label('model')} ${event.name} ${style(
        'dim',
        `(${event.parameters.toLocaleString('en')} parameters, sha256 ${event.sha256.slice(0, 12)})`,
      )}`;
    case 'note':
      return event.message;
    case 'warning':
      return `${style('yellow', 'warning')} ${event.message}`;
    case 'case':
      return (
        `${style('green', 'done')}${count(event)} ${event.input}: ${style('bold', event.finding)} ` +
        style('dim', `in ${duration(event.seconds)}`)
      );
    case 'skipped':
      return `${style('dim', 'skipped')} ${event.input}: ${event.reason}`;
    case 'failure':
      return `${style('red', 'error')} ${event.message}\n  ${style('cyan', 'hint')} ${event.hint}`;
    case 'validation':
      return (
        `${label('validation')} epoch ${event.epoch}: mean Dice ${figure(event.meanDice)}, ` +
        `Dice at 0.5 ${figure(event.diceAtHalf)}${byClass(event.classes)}${event.best ? style('green', ' best so far') : ''}`
      );
    case 'epoch':
      return `${label('epoch')} ${event.epoch}/${event.epochs}: loss ${figure(event.loss)}`;
    case 'stage':
      return `${style('bold', `stage ${event.number}/${event.stages}`)} ${event.stage}`;
    case 'round':
      return (
        `${label('round')} ${event.round}/${event.rounds}: loss ${figure(event.loss)}, ${event.left} unlabelled slices left` +
        style('dim', `, about ${duration(event.secondsLeft)}`)
      );
    case 'written':
      return `${label(event.what)} ${event.path}`;
    default:
      return undefined;
  }
}

function byClass(classes: Readonly<Record<string, number | null>> = {}): string {
  const parts = Object.entries(classes).map(
    ([name, dice]) => `${name} ${dice === null ? 'none' : figure(dice)}`,
  );
  return parts.length > 0 ? `, labels: ${parts.join(', ')}` : '';
}

function label(text: string): string {
  return style('dim', text);
}

function count({ index, total }: { readonly index: number; readonly total: number }): string {
  return total > 1 ? style('dim', ` ${index}/${total}`) : '';
}
