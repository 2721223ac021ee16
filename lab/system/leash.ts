/**
 * Preloaded into every process that the lab starts (`node --import`): when the lab is gone, even by
 * SIGKILL, the channel to it closes, and the process ends itself. So nothing stays behind.
 */
if (process.channel) {
  process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
  // The leash alone must not keep a process alive.
  process.channel.unref();
}
