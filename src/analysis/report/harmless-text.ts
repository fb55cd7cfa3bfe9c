/**
 * What changes how the text around it is shown, or is not seen at all: controls, marks that turn the reading direction,
 * joiners, fillers, variation selectors, tags, halves of a surrogate pair.
 */
const invisible = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}\uFFF9-\uFFFB]/u;
const invisibles = new RegExp(invisible, 'gu');
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
  if (!invisible.test(line)) return line;
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
  return JSON.stringify(value, null, 2).replace(invisibles, (character) =>
    character === '\n' ? character : codeUnits(character),
  );
}

function writtenOut(text: string): string {
  return text.replace(invisibles, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code > 0xffff ? `\\u{${code.toString(16)}}` : codeUnits(character);
  });
}

/** As JSON and JavaScript escape it. */
function codeUnits(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
