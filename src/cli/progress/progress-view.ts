import { createLogUpdate } from 'log-update';
import { harmless } from '../../analysis/report/harmless-text.ts';
import type { ComparisonDetail, ExperimentDetail } from '../../contracts/documents/api.ts';
import type { Detail, WorkKind } from '../api/api-client.ts';
import {
  activityText,
  closingLines,
  comparisonLines,
  experimentLines,
  stepsOf,
  strandsOf,
} from './progress-lines.ts';

/** Shows how something goes on, until it is done. */
export interface ProgressView<Kind extends WorkKind> {
  show(detail: Detail<Kind>): void;
  /** Leaves the last picture standing. */
  done(): void;
}

/** Redraws in place on a terminal; elsewhere writes a line whenever something has changed. */
export function createProgressView<Kind extends WorkKind>(
  kind: Kind,
  stream: NodeJS.WriteStream = process.stderr,
): ProgressView<Kind> {
  // A terminal that does not say its size cannot be redrawn.
  return stream.isTTY && stream.columns > 0
    ? terminalView(kind, stream)
    : lineView((line) => stream.write(`${harmless(line)}\n`));
}

function terminalView<Kind extends WorkKind>(kind: Kind, stream: NodeJS.WriteStream): ProgressView<Kind> {
  const update = createLogUpdate(stream);
  return {
    show(detail) {
      const lines =
        kind === 'experiments'
          ? experimentLines(detail as ExperimentDetail, new Date())
          : comparisonLines(detail as ComparisonDetail, new Date());
      update(lines.map(harmless).join('\n'));
    },
    done: () => update.done(),
  };
}

export interface LineViewOptions {
  /** How often a phase that goes on is told of again. */
  everyMs?: number;
  now?: () => number;
}

/**
 * For outputs that cannot be redrawn, as of CI: a line for each phase with the time since the start, and in a long one
 * a line every few seconds that says how it goes.
 */
export function lineView<Kind extends WorkKind>(
  write: (line: string) => void,
  { everyMs = 10_000, now = Date.now }: LineViewOptions = {},
): ProgressView<Kind> {
  const begunAtMs = now();
  const told = new Map<string, { steps: string[]; atMs: number }>();
  let toldFailure = false;
  const say = (name: string, text: string) => write(`${clock(now() - begunAtMs)}  ${name}: ${text}`);
  return {
    show(detail) {
      for (const strand of strandsOf(detail)) {
        const before = told.get(strand.id) ?? { steps: [], atMs: now() };
        const steps = stepsOf(strand);
        // What is no longer the last step has lost its place in line, or its reason.
        const fresh = steps.filter((step, index) => !before.steps[index]?.startsWith(step));
        for (const step of fresh) say(strand.name, step);
        const isDue = fresh.length === 0 && !strand.ended && now() - before.atMs >= everyMs;
        if (isDue) say(strand.name, activityText(strand.activity, new Date(now()), { withBar: false }));
        told.set(strand.id, { steps, atMs: fresh.length > 0 || isDue ? now() : before.atMs });
      }
      if (detail.outcome && detail.failure && !toldFailure) {
        toldFailure = true;
        for (const line of closingLines(detail)) write(line);
      }
    },
    done() {},
  };
}

/** `0:07`, `12:30`, `1:02:03`: minutes and seconds, and hours once there are any. */
function clock(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  const tail = String(seconds % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${tail}` : `${minutes}:${tail}`;
}
