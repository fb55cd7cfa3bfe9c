import type { Log } from './drivers/driver.ts';

/** Lines of one message in this time; the rest is counted, so that a broken broker cannot flood the log. */
const linesPerWindow = 5;
const windowMs = 10_000;

/** Writes one JSON line a message to standard error, with what the lines have in common. */
export function createLog(common: Record<string, unknown>): Log {
  const recent = new Map<string, { sinceMs: number; lines: number }>();
  return (level, message, details = {}) => {
    const nowMs = Date.now();
    let window = recent.get(message);
    const suppressed =
      window && nowMs - window.sinceMs >= windowMs ? Math.max(0, window.lines - linesPerWindow) : 0;
    if (!window || nowMs - window.sinceMs >= windowMs) {
      if (recent.size > 1_000) recent.clear();
      window = { sinceMs: nowMs, lines: 0 };
      recent.set(message, window);
    }
    if (++window.lines > linesPerWindow) return;
    const line = { time: new Date(nowMs).toISOString(), level, message, ...common, ...details };
    process.stderr.write(`${JSON.stringify(suppressed ? { ...line, suppressed } : line)}\n`);
  };
}
