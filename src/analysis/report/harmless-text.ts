import { codeUnits, invisible, visibleJson } from '../../contracts/input/text/invisible.ts';

const breaks = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;
/** An emoji may be of several parts, held together by a joiner or dressed by a selector; those are seen. */
const emoji =
  /\p{Extended_Pictographic}[\uFE0E\uFE0F\p{Emoji_Modifier}]*(?:\u200D\p{Extended_Pictographic}[\uFE0F\p{Emoji_Modifier}]*)*/gu;

/**
 * Another person's words for one line of a terminal or a page: a control character or line break becomes a space, any
 * other character that is not seen, or turns what follows back to front, is written out.
 * @example harmless('kafka\u202e') === 'kafka\\u202e'
 */
export function harmless(text: string): string {
  const line = text.replace(breaks, ' ');
  if (line.search(invisible) === -1) return line;
  let result = '';
  let from = 0;
  for (const { 0: whole, index } of line.matchAll(emoji)) {
    result += writtenOut(line.slice(from, index)) + whole;
    from = index + whole.length;
  }
  return result + writtenOut(line.slice(from));
}

/** Several lines of our own, each made harmless. */
export function harmlessLines(text: string): string {
  return text.split('\n').map(harmless).join('\n');
}

/** JSON for a person's screen: the same value, in which nothing invisible is left as such. */
export function harmlessJson(value: unknown): string {
  return visibleJson(JSON.stringify(value, null, 2));
}

function writtenOut(text: string): string {
  return text.replace(invisible, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code > 0xffff ? `\\u{${code.toString(16)}}` : codeUnits(character);
  });
}
