import type { Document, YAMLError } from 'yaml';

/** A parsed text, for saying what is wrong with it. */
export interface YamlText {
  /** What parsed it. */
  library: typeof import('yaml');
  text: string;
  document: Document.Parsed;
  /** Lines and columns count from 1. */
  placeAt(offset: number): { line: number; column: number };
}

/** Where a fault is, as an offset of the text, and what is wrong and what to do. */
export interface Told {
  offset: number;
  detail: string;
}

/** What a person has to do about an error of the YAML library, whose own words are for who knows YAML's grammar. */
export function inOurWords(error: YAMLError, yaml: YamlText): Told {
  const { code, message, pos } = error;
  const [offset] = pos;
  const { text } = yaml;
  switch (code) {
    case 'MISSING_CHAR':
      return missing(message, offset, yaml);
    case 'UNEXPECTED_TOKEN':
      return { offset, detail: unexpected(message, offset, yaml) };
    case 'BAD_INDENT':
      return { offset, detail: badIndent(message) };
    case 'BLOCK_AS_IMPLICIT_KEY':
      return nested(offset, yaml);
    case 'MULTILINE_IMPLICIT_KEY':
      return keyOverLines(offset, yaml);
    case 'BLOCK_IN_FLOW':
      return blockInFlow(offset, text);
    case 'BAD_ALIAS':
    case 'BAD_SCALAR_START':
      return { offset, detail: `a text cannot begin with ${text[offset]}; put it in quotes` };
    case 'BAD_DQ_ESCAPE':
      return { offset, detail: badEscape(text.slice(offset, offset + 2)) };
    case 'BAD_DIRECTIVE':
      return directive(text);
    case 'TAB_AS_INDENT':
      return { offset, detail: 'a tab is used to indent; use spaces' };
    case 'KEY_OVER_1024_CHARS':
      return { offset, detail: 'a key is longer than 1,024 characters; shorten it' };
    case 'MULTIPLE_DOCS':
      return {
        offset,
        detail: 'a second document begins here; a file holds one, so give each a file of its own',
      };
    case 'TAG_RESOLVE_FAILED':
    case 'BAD_COLLECTION_TYPE':
      return { offset, detail: unknownTag };
    case 'ALIAS_PROPS':
    case 'MULTIPLE_ANCHORS':
    case 'MULTIPLE_TAGS':
    case 'BAD_PROP_ORDER':
      return { offset, detail: 'anchors (&), aliases (*) and tags (!) do not fit here; write the value out' };
    case 'DUPLICATE_KEY':
      return { offset, detail: 'this key is given twice; keep one of the two' };
    case 'NON_STRING_KEY':
      return { offset, detail: 'a key is a text; put it in quotes' };
    case 'RESOURCE_EXHAUSTION':
      return { offset, detail: 'lists and objects are nested too deep; a file needs a few levels only' };
    case 'IMPOSSIBLE':
      return { offset, detail: notYaml };
  }
}

const notYaml = 'this is not YAML; look for a bracket, quote, comma or colon that is missing or too many';
const misaligned =
  'this line is indented unlike the keys before it; those of one object all begin in the same column';
const misalignedItem =
  'this line is indented unlike the items before it; those of one list all begin in the same column';
const noItem =
  'this belongs to no item of the list before it; begin it with "- ", or indent it like that item';
const noColon = 'this has no colon; a key and its value are written as "key: value"';
const noComma = 'a comma is missing before this; between [ ] or { } items are separated by commas';
const noDash = 'between [ ] or { } items are separated by commas, without "-"';
const listBelow = 'a list begins on the line below its key';
const nothingFollows =
  'nothing can follow here, for the value before it has ended; put a text with such characters in quotes';
const unindentedText = 'the text below | or > is indented more than its key, with spaces; indent it';
const afterHeader = 'behind | or > the line ends, and the text begins on the next; or put the text in quotes';
const unknownTag =
  'what begins with ! is a tag, and this one is not known here; leave it out, or put the text in quotes';

/** What the library misses, by how its message begins. */
const missed: [message: RegExp, detail: string][] = [
  [/^Sequence item without/, noItem],
  [/^Missing , between/, noComma],
  [
    /^Missing , or : between/,
    'a comma or a colon is missing before this; items are separated by commas, a key and its value by a colon',
  ],
  [/^Missing space after :/, 'a space is missing behind this colon; write one'],
  [/^Flow map must end/, 'a { is not closed before here; end it with }'],
  [/^Flow sequence must end/, 'a [ is not closed before here; end it with ]'],
  [
    /^Block collection cannot start on same line/,
    'nothing else stands on the line of ---; begin on the line below it',
  ],
  [
    /^Comments must be separated/,
    'a # without a space before it begins no comment; write a space before it, or put the whole text in quotes',
  ],
  [
    /^Tags and anchors must be separated/,
    'a space is missing before this, behind the anchor (&) or tag (!); write one, or put a text that begins so in quotes',
  ],
  [/^Missing newline after block/, 'a list begins on the line below its anchor (&) or tag (!)'],
  [
    /^Block scalars with more-indented/,
    'a blank line above this is indented more than the text; take its spaces away',
  ],
];

function missing(message: string, offset: number, yaml: YamlText): Told {
  if (message.startsWith('Missing closing')) return openQuote(offset, yaml);
  if (message.startsWith('Missing directives-end')) return directive(yaml.text);
  if (message.startsWith('Implicit map keys')) return { offset, detail: withoutColon(offset, yaml.text) };
  return { offset, detail: missed.find(([pattern]) => pattern.test(message))?.[1] ?? notYaml };
}

function openQuote(offset: number, { library, document }: YamlText): Told {
  let opening = offset;
  library.visit(document, {
    Scalar(_, { range, type }) {
      if (type?.startsWith('QUOTE') && range && range[0] < offset && range[2] >= offset) opening = range[0];
    },
  });
  return { offset: opening, detail: 'the quote that begins here is not closed' };
}

function withoutColon(offset: number, text: string): string {
  if (text[offset] === '*') return 'an alias (*) cannot be a key here; write it out';
  const before = text.slice(0, offset).trimEnd();
  return /[|>][-+\d]*$/.test(before) ? unindentedText : noColon;
}

/** The first line that YAML takes for a directive of its own. */
function directive(text: string): Told {
  return {
    offset: /^%/m.exec(text)?.index ?? 0,
    detail:
      'a line that begins with % is a directive of YAML; remove it, or put a text that begins so in quotes',
  };
}

function badIndent(message: string): string {
  if (message.startsWith('Flow')) {
    const [open, close] = message.startsWith('Flow map') ? ['{', '}'] : ['[', ']'];
    return `a ${open} is not closed before here; end it with ${close}, and indent its lines more than its key`;
  }
  if (message.startsWith('Block scalar')) return unindentedText;
  return message.startsWith('All sequence') ? misalignedItem : misaligned;
}

/** A value where there is one already: by a colon within a text, or by a line that is indented too far. */
function nested(offset: number, { text, placeAt }: YamlText): Told {
  const lineEnd = text.indexOf('\n', offset);
  const line = text.slice(offset, lineEnd < 0 ? undefined : lineEnd);
  if (/:(\s|$)/.test(line)) {
    return { offset, detail: 'the text holds a colon; put it in quotes: "a: b"' };
  }
  const next = lineEnd + 1 + (/^\s*/.exec(text.slice(lineEnd + 1))?.[0].length ?? 0);
  return {
    offset: next,
    detail: `this line is indented more than line ${placeAt(offset).line}, which has a value already; begin it in the same column as the keys it belongs to`,
  };
}

/** What the library takes for a key of several lines is mostly none. */
function keyOverLines(offset: number, yaml: YamlText): Told {
  const { document, text } = yaml;
  const also = (code: YAMLError['code']) =>
    document.errors.some((other) => other.code === code && other.pos[0] === offset);
  if (also('BLOCK_AS_IMPLICIT_KEY')) return nested(offset, yaml);
  if (also('BLOCK_IN_FLOW')) return blockInFlow(offset, text);
  if (text[offset] === '-') {
    const detail = 'a list item stands where a key should; put the list below a key of its own, "key:"';
    return { offset, detail };
  }
  const comment = /^(\/\/|\/\*)/.exec(text.slice(offset));
  if (comment) return { offset, detail: `a comment begins with #, not with ${comment[0]}` };
  const detail = 'a key is written on one line; close it there, and put the colon behind it';
  return { offset, detail: /[[{"'\s]/.test(text[offset] ?? '') ? detail : noColon };
}

/** A list's items by `-`, a colon within a text, or two keys between which a comma is missing. */
function blockInFlow(offset: number, text: string): Told {
  if (/^[-?](\s|[\],}]|$)/.test(text.slice(offset))) return { offset, detail: noDash };
  const [key = ''] = /^.*?(?=:(\s|$))/s.exec(text.slice(offset)) ?? [];
  const second = /("[^"]*"|'[^']*'|[^\s;]+)\s*$/.exec(key)?.index ?? 0;
  if (second > 0) return { offset: offset + second, detail: noComma };
  return { offset, detail: 'the text holds a colon; put it in quotes: "a: b"' };
}

const digitsOf: Record<string, number> = { '\\x': 2, '\\u': 4, '\\U': 8 };

function badEscape(written: string): string {
  const digits = digitsOf[written];
  const what = digits
    ? `${written} is followed by the ${digits} hexadecimal digits of a character`
    : `${written} is no escape`;
  return `${what}; write \\\\ for a backslash, or put the text in single quotes`;
}

function unexpected(message: string, offset: number, yaml: YamlText): string {
  const { text } = yaml;
  const character = String.fromCodePoint(text.codePointAt(offset) ?? 0x20);
  if (message.includes('on same line with key')) return listBelow;
  if (/^Block scalar header|^Not a YAML token|block scalar header/.test(message)) return afterHeader;
  if (/^Unexpected (,|empty item)/.test(message)) return 'there is nothing before this comma; take it away';
  if (message.includes('at node end')) return afterTheEnd(offset, yaml);
  if (/flow-(seq|map)-end/.test(message)) return `this ${character} closes nothing`;
  return `${JSON.stringify(character)} is not expected here; put a text with such characters in quotes`;
}

function afterTheEnd(offset: number, yaml: YamlText): string {
  const { text, document } = yaml;
  const { isMap, isSeq } = yaml.library;
  const { contents } = document;
  if (isInFlow(offset, yaml)) return `${noComma}; or put the whole text in quotes`;
  const before = text.slice(0, offset);
  if (/(^|\n)[^\S\n]*$/.test(before)) {
    const isItem = /^-(\s|$)/.test(text.slice(offset));
    if (isSeq(contents) && !contents.flow) return isItem ? misalignedItem : noItem;
    if (isMap(contents) && !contents.flow) return misaligned;
    return nothingFollows;
  }
  if (before.endsWith("'")) return "the text ended before this; within '…' an apostrophe is written twice";
  if (before.endsWith('"')) return 'the text ended before this; within "…" a quote is written \\"';
  return nothingFollows;
}

function isInFlow(offset: number, { library, document }: YamlText): boolean {
  let isInside = false;
  library.visit(document, {
    Collection(_, { flow, range }) {
      if (flow && range && range[0] < offset && range[1] > offset) isInside = true;
    },
  });
  return isInside;
}
