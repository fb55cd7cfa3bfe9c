export type Path = readonly (string | number)[];

/** RFC 6901 pointer of a path, as the server names fields. */
export function jsonPointer(path: Path): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** `/variants/0/name` as its parts, the indexes as text. */
export function partsOfPointer(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The id of the control in which a value is given. */
export function fieldId(path: Path): string {
  return `at${encodeURI(jsonPointer(path))}`;
}
