// Added to Studio's page, before anything of Studio's runs.

// Every start may have another port and is then a first visit to Studio: its tour, and the question whether the
// contract shall be converted to the newest version of AsyncAPI, would come each time.
localStorage.setItem("alreadyVisited", "true");
sessionStorage.setItem("informed-about-latest", new Date(8.64e15).toString());

const notice = document.createElement("div");
notice.id = "tandem-notice";
notice.setAttribute("role", "alert");
notice.style.cssText =
  "position:fixed;inset:auto 1rem 1rem 1rem;z-index:9999;padding:.75rem 1rem;border-radius:.375rem;background:#b91c1c;color:#fff;font:15px system-ui";

function say(text) {
  notice.textContent = text;
  if (text === "") notice.remove();
  else document.body.append(notice);
}

const REFUSED = {
  conflict:
    "The file was changed elsewhere, in the same lines as here, and nothing was written: this page shows what was typed here, the file holds what was written elsewhere. Ctrl+S writes what is here over the file; reloading the page takes the file. What you let go of is kept in a file beside it, and the terminal says in which.",
  gone: "The file is gone, and nothing is written: what was typed is only here. Ctrl+S writes it as a new file.",
  failed: "The file could not be written: what was typed is only here. The terminal says why; Ctrl+S tries again.",
};
const ANOTHER_FILE =
  "This is another file than the contract, and nothing that is typed in it is written. Reload the page for the contract; copy what it shall have from here before.";
const ENDED =
  "npm run studio has ended, and nothing that is typed here is written any more. Copy what you want to keep, start it again, and open the address that it prints.";

/** Where the editor keeps the contract. What else is opened or imported in Studio has an address of its own. */
const CONTRACT = "file:///asyncapi";

/** What the editor shows of the contract; undefined as long as there is no editor, and while it shows another file. */
function documentShown() {
  const { monaco } = globalThis;
  // oxlint-disable-next-line typescript/no-unsafe-return -- the editor's types are not here.
  return monaco?.editor.getModel(monaco.Uri.parse(CONTRACT)) ?? undefined;
}

/** Whether the editor shows a file that is not the contract. */
function isAnotherShown() {
  if (documentShown()) return false;
  const models = globalThis.monaco?.editor.getModels() ?? [];
  return Boolean(models.some(({ uri }) => !String(uri).startsWith("inmemory:")));
}

/** The editor has one kind of line ends, and no mark of the byte order. */
function plain(text) {
  return String(text)
    .replace(/^\uFEFF/, "")
    .replaceAll(/\r\n?/g, "\n");
}

let live;

/**
 * The socket between Studio and the file. Studio says what is typed only when typing rests for a moment, and puts every
 * text that it is sent in the place of what is there. So a text that arrives is shown when nothing is there that was not
 * said, and says what it is a change of.
 */
class LiveSocket extends WebSocket {
  /** @type {((event: MessageEvent) => void) | undefined} */
  #studio;
  /** The number of the text that was shown last. */
  #base = 0;
  /** What the process knows that stands here. */
  #known;
  /** How many changes were said. */
  #said = 0;
  /** What is shown when nothing stands here that was not said. */
  #held;

  constructor(...address) {
    super(...address);
    live = this;
    this.addEventListener("message", (event) => this.#receive(event));
    this.addEventListener("close", () => say(ENDED));
  }

  get onmessage() {
    return this.#studio ?? null;
  }

  set onmessage(handler) {
    this.#studio = handler;
  }

  send(data) {
    const message = JSON.parse(data);
    if (message.type === "file:update") {
      if (isAnotherShown()) return say(ANOTHER_FILE);
      this.#known = message.code;
      this.#said += 1;
      // The process decides what becomes of both, and sends it.
      this.#held = undefined;
      message.base = this.#base;
    }
    super.send(JSON.stringify(message));
  }

  /** The editor has a new place for the contract, and may have filled it with a text that it had before the last one. */
  created(model) {
    if (this.#known !== undefined && plain(model.getValue()) !== plain(this.#known)) model.setValue(this.#known);
  }

  /** Says what was typed, now. */
  flush() {
    if (this.#isTyped()) this.send(JSON.stringify({ type: "file:update", code: documentShown().getValue() }));
  }

  #receive(event) {
    const message = JSON.parse(event.data);
    if (message.type === "tandem:refused") say(REFUSED[message.why] ?? "");
    else if (message.type === "file:deleted") this.#studio?.call(this, event);
    // What was sent before it was decided what becomes of the last change here is not shown: that is sent too.
    else if (message.seen === this.#said) {
      this.#held = message;
      this.#show();
    }
  }

  #isTyped() {
    const shown = documentShown();
    return Boolean(shown) && this.#known !== undefined && plain(shown.getValue()) !== plain(this.#known);
  }

  #show() {
    if (this.#held === undefined) return;
    if (isAnotherShown()) return;
    // It is said when typing rests, which ends the wait, or is taken back.
    if (this.#isTyped()) {
      setTimeout(() => this.#show(), 100);
      return;
    }
    const message = this.#held;
    this.#held = undefined;
    this.#known = message.code;
    this.#base = message.number;
    // The first text replaces Studio's example, which nobody wants to go back to. Studio sets the text of an editor that
    // it has, and one that it is about to have is filled when that is made.
    if (!documentShown() || message.type === "file:loaded")
      this.#studio?.call(this, new MessageEvent("message", { data: JSON.stringify(message) }));
    const shown = documentShown();
    if (shown) replaceIn(shown, message.code);
  }
}

/** Changes only what differs, so that the cursor stays where it is, and what was typed can still be taken back. */
function replaceIn(shown, wanted) {
  const before = shown.getValue();
  const after = plain(wanted).replaceAll("\n", shown.getEOL());
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  let same = 0;
  while (same < shorter - start && before[before.length - 1 - same] === after[after.length - 1 - same]) same += 1;
  if (before === after) return;
  const from = shown.getPositionAt(start);
  const to = shown.getPositionAt(before.length - same);
  const range = new globalThis.monaco.Range(from.lineNumber, from.column, to.lineNumber, to.column);
  shown.pushStackElement();
  shown.pushEditOperations([], [{ range, text: after.slice(start, after.length - same) }], () => null);
  shown.pushStackElement();
}

globalThis.WebSocket = LiveSocket;

/** Waits for the editor, which Studio loads when it needs it, and for each place that it makes for the contract. */
function whenEditorIsThere() {
  const { monaco } = globalThis;
  if (!monaco?.editor) {
    setTimeout(whenEditorIsThere, 20);
    return;
  }
  const created = (model) => {
    if (String(model.uri) === CONTRACT) live?.created(model);
  };
  monaco.editor.onDidCreateModel(created);
  monaco.editor.getModels().forEach(created);
}
whenEditorIsThere();

// Studio would write what is typed in any file of the folder as the contract.
globalThis.showDirectoryPicker = async () => {
  throw new Error("npm run studio edits one contract, and opens no folder. Start it once more for another file.");
};

// Every change is saved as it is made, so Ctrl+S has nothing to ask; where the file was changed elsewhere too, it
// decides for what stands here.
addEventListener(
  "keydown",
  (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    live?.flush();
    live?.send(JSON.stringify({ type: "tandem:overwrite" }));
  },
  { capture: true },
);
// Who goes within the moment has typed it all the same. The first leaves the socket more time, and is not always told.
addEventListener("beforeunload", () => void live?.flush());
addEventListener("pagehide", () => void live?.flush());
