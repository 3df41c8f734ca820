import { type Terminal } from './terminal.js';
import { formatBytes } from './json.js';

export interface Progress {
  update(what: string, doneBytes: number, totalBytes: number): void;
  stop(): void;
}

/** Nothing is drawn for what is over sooner. */
const SHOW_AFTER_MS = 500;
const DRAW_EVERY_MS = 100;

/** One line of progress on a terminal, none elsewhere. */
export function showProgress(terminal: Terminal): Progress {
  const start = Date.now();
  let drawnAt = start + SHOW_AFTER_MS - DRAW_EVERY_MS;
  let isDrawn = false;
  return {
    update(what, doneBytes, totalBytes) {
      const now = Date.now();
      if (!terminal.isInteractive || now - drawnAt < DRAW_EVERY_MS) return;
      drawnAt = now;
      isDrawn = true;
      const percent = totalBytes === 0 ? '' : ` ${Math.floor((100 * doneBytes) / totalBytes)} %`;
      terminal.pass(`\r\u001B[K${what}: ${formatBytes(doneBytes)}${percent}`);
    },
    stop() {
      if (isDrawn) terminal.pass('\r\u001B[K');
      isDrawn = false;
    },
  };
}
