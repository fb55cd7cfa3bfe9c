/** `messageSizeBytes` as `message size, bytes`. */
export function inWords(name: string): string {
  const words = name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  const named = words
    .replace(/(?<!^max) messages per second$/, ', messages/s')
    .replace(/ per second$/, '/s')
    .replace(/(?<!^max) (bytes|seconds|ms|minutes|hours|percent)$/, ', $1')
    .replace(/ megabytes$/, ', MiB')
    .replace(/ gibibytes$/, ', GiB')
    .replace(/ usd$/, ', USD');
  return named.charAt(0).toUpperCase() + named.slice(1);
}
