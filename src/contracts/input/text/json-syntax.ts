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
    return {
      ok: false,
      fault: {
        // The engine repeats the position, and parts of the text, in its own way.
        message: message.replace(
          /(?: in JSON| after JSON)? at position.*$| is not valid JSON$|, (\.\.\.)?".*$/s,
          '',
        ),
        ...placeOf(text, faultPosition(text, message)),
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

/** Where an offset of a text is, as people count: lines and columns from 1. */
export function placeOf(text: string, position: number): { line: number; column: number } {
  const before = text.slice(0, position).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/**
 * The first key that an object in the text has a second time, and where; null where every key is there once. The
 * engine would silently take the last one.
 * @param text JSON, as `parseJson` has found
 * @returns the keys and places in lists that lead to it from the outside in
 */
export function findDuplicateKey(
  text: string,
): { path: (string | number)[]; line: number; column: number } | null {
  /** What a place lies in, the innermost last: the keys of an object, or null for a list; and where in it. */
  const around: { keys: Set<string> | null; at: string | number }[] = [];
  for (const { 0: token, 1: quotedKey, index } of text.matchAll(tokenPattern)) {
    const inner = around.at(-1);
    if (token === '{') around.push({ keys: new Set(), at: '' });
    else if (token === '[') around.push({ keys: null, at: 0 });
    else if (token === '}' || token === ']') around.pop();
    else if (token === ',') {
      if (typeof inner?.at === 'number') inner.at += 1;
    } else if (quotedKey !== undefined && inner) {
      inner.at = JSON.parse(quotedKey) as string;
      if (inner.keys?.has(inner.at)) return { path: around.map(({ at }) => at), ...placeOf(text, index) };
      inner.keys?.add(inner.at);
    }
  }
  return null;
}

/** A string, captured where it is a key; or what begins, ends or parts an object or a list. */
const tokenPattern = /("(?:[^"\\]|\\.)*")(?=\s*:)|"(?:[^"\\]|\\.)*"|[{}[\],]/g;
