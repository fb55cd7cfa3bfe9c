/**
 * What changes how the text around it is shown, or is not seen at all: controls, marks that turn the reading direction,
 * joiners, fillers, variation selectors, tags, halves of a surrogate pair.
 */
export const invisible = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}\uFFF9-\uFFFB]/gu;
const invisibleOrEmoji = new RegExp(
  `(?<emoji>[\\p{Extended_Pictographic}\\p{Emoji_Modifier}][\\uFE0E\\uFE0F\\u200D]+)|${invisible.source}`,
  'gu',
);

/**
 * A text in JSON with the same value, in which nothing invisible is left as such but line breaks and tabs between values.
 * @example visibleJson('{"name":"\u202ex"}') === '{"name":"\\u202ex"}'
 */
export function visibleJson(json: string): string {
  return json.replace(invisible, (character) =>
    /[\n\r\t]/.test(character) ? character : codeUnits(character),
  );
}

/** As JSON and JavaScript escape it. */
export function codeUnits(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}

/** A text without what is not seen, but for what holds an emoji together. */
export function withoutInvisible(text: string): string {
  return text.replace(invisibleOrEmoji, (_, emoji: string | undefined) => emoji ?? '');
}
