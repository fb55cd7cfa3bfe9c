// Loaded before the program that the bootstrap starts. A bootstrap that was killed outright can pass nothing on; without
// this, the program would live on unseen. It ends at once, as if it had been killed too: the parts of a stack and its
// experiments live on, and the next start takes them over.
if (process.channel) {
  process.once('disconnect', () => process.exit(137));
  process.channel.unref();
}
