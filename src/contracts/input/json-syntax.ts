/** A text that is not JSON. */
export interface JsonFault {
  message: string;
  line: number;
  column: number;
}

/** Parses JSON, or says what is wrong with it and where; lines and columns count from 1. */
export function parseJson(text: string): { ok: true; value: unknown } | { ok: false; fault: JsonFault } {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    const message = (error as Error).message;
    const position = faultPosition(text, message);
    const before = text.slice(0, position).split('\n');
    return {
      ok: false,
      fault: {
        // The engine repeats the position, and parts of the text, in its own way.
        message: message.replace(
          /(?: in JSON| after JSON)? at position.*$| is not valid JSON$|, (\.\.\.)?".*$/s,
          '',
        ),
        line: before.length,
        column: (before.at(-1)?.length ?? 0) + 1,
      },
    };
  }
}

/** The engine does not always say where; then the longest beginning that could still become JSON says it. */
function faultPosition(text: string, message: string): number {
  const named = /at position (\d+)/.exec(message)?.[1];
  if (named !== undefined) return Number(named);
  let good = 0;
  let bad = text.length + 1;
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (isBeginning(text.slice(0, middle))) good = middle;
    else bad = middle;
  }
  return good;
}

function isBeginning(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    const { message } = error as Error;
    const position = /at position (\d+)/.exec(message)?.[1];
    return /end of JSON input|Unterminated/.test(message) || Number(position) === text.length;
  }
}
