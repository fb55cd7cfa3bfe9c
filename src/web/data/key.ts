/** The API key that the person gave, for as long as the tab lives. */
const place = 'comparator-api-key';

/** Where the browser lets a page keep nothing, it is lost with the page. */
let unkept: string | null = null;

export function keptKey(): string | null {
  try {
    return sessionStorage.getItem(place) ?? unkept;
  } catch {
    return unkept;
  }
}

export function keepKey(key: string): void {
  unkept = key;
  try {
    sessionStorage.setItem(place, key);
  } catch {}
}

/** Why a key cannot be one; null where it can. A header carries no others, and the service has none. */
export function keyFault(key: string): string | null {
  if (key === '') return 'is needed';
  return /^[\x21-\x7e]+$/.test(key)
    ? null
    : 'has a space, or a letter that no key has: copy it again, from its first to its last character';
}
