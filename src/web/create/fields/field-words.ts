/** `messageSizeBytes` as `message size, bytes`. */
export function inWords(name: string): string {
  const words = name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  const named = words
    .replace(/ per second$/, '/s')
    .replace(/ (bytes|seconds|ms|megabytes|hours|percent)$/, ', $1');
  return named.charAt(0).toUpperCase() + named.slice(1);
}
