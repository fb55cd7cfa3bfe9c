/** The API key that the person gave, for as long as the tab lives. */
const place = 'comparator-api-key';

export function keptKey(): string | null {
  return sessionStorage.getItem(place);
}

export function keepKey(key: string): void {
  sessionStorage.setItem(place, key);
}
