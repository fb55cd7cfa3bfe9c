// The chart library formats numbers by the browser's language as it is loaded, and fails on what a browser in the C
// locale calls it: whoever draws imports this first.
try {
  new Intl.NumberFormat(navigator.language);
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en-US' });
}
