/** Studio cannot be had or started; the message says what to do. */
export class StudioError extends Error {
  override readonly name = "StudioError";
}
