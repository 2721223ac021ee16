/** What an operator did or has to do: its message is a whole sentence, shown without a stack. */
export class OpsError extends Error {
  override readonly name = "OpsError";
}
