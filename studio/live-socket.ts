/** What the pages of Studio and this process say to each other over their sockets. */
import type { WebSocket } from "ws";
import type { LiveFile, Offer } from "./live-file.ts";
import { type PageMessage, readMessage } from "./page-message.ts";

/** Why a text was not written. `failed`: the disk would not have it. */
export type Refusal = "conflict" | "gone" | "failed";

/** What the pages did that nobody sees in them. */
export interface LiveSocketEvents {
  /** A page has a text that was not written, and why. */
  refused(why: Refusal): void;
  /** A side was let go of. Its text is in the file `kept`. */
  letGo(side: "studio" | "disk", kept: string): void;
  fault(error: unknown): void;
}

/** The pages that are open. */
export interface LiveSockets {
  /** Gives a page the file, and takes its changes from then on. */
  welcome(socket: WebSocket): Promise<void>;
  /** Shows a text to all pages that have another, and wait for no decision. */
  show(text: string): void;
  /** Says that the file is gone. */
  showRemoved(): void;
  /** Closes all of them. What was typed there and never written is kept in files before it resolves. */
  closeAll(): Promise<void>;
}

/** One open page. */
interface Page {
  readonly socket: WebSocket;
  /** The texts that it was sent, by their numbers, from the one on that it may have made changes of. */
  readonly sent: Map<number, string>;
  /** The number of the last of them. */
  last: number;
  /** Of how many changes of it is decided what becomes of them. */
  seen: number;
  /** What its next change is made from, unless it says that it took a later text: that text's number, and what it is now. */
  base: { readonly number: number; readonly text: string | undefined };
  /** What it shows, as far as is known. */
  has: string | undefined;
  /** What was typed in it and is not written. */
  refused: string | undefined;
  /** One change after the other. */
  work: Promise<void>;
}

/** Connects pages with the file. */
export function liveSockets(file: () => LiveFile, events: LiveSocketEvents): LiveSockets {
  const pages = new Set<Page>();

  const send = (page: Page, type: "file:loaded" | "file:changed", text: string): void => {
    page.last += 1;
    page.sent.set(page.last, text);
    page.has = text;
    page.socket.send(JSON.stringify({ type, code: text, number: page.last, seen: page.seen }));
  };
  const setRefused = (page: Page, text: string | undefined, why?: Refusal): void => {
    const before = page.refused;
    page.refused = text;
    if ((before === undefined) === (text === undefined)) return;
    page.socket.send(JSON.stringify({ type: "tandem:refused", why: why ?? null }));
    if (why !== undefined) events.refused(why);
  };
  const show = (text: string): void => {
    for (const page of pages) {
      if (page.refused === text) {
        page.has = text;
        page.base = { number: page.last, text };
        setRefused(page, undefined);
      } else if (page.refused === undefined && page.has !== text) send(page, "file:changed", text);
    }
  };
  const tried = async (offer: Promise<Offer>): Promise<Offer | { readonly kind: "failed" }> => {
    try {
      return await offer;
    } catch (error) {
      events.fault(error);
      return { kind: "failed" };
    }
  };
  const change = async (page: Page, text: string, number: number): Promise<void> => {
    const base = number > page.base.number ? { number, text: page.sent.get(number) } : page.base;
    for (const old of page.sent.keys()) if (old <= base.number) page.sent.delete(old);
    page.base = base;
    const offer = await tried(file().offer(text, base.text));
    page.seen += 1;
    if (offer.kind !== "taken") return setRefused(page, text, offer.kind);
    page.base = { number: base.number, text };
    page.has = text;
    setRefused(page, undefined);
    show(offer.text);
  };
  const overwrite = async (page: Page): Promise<void> => {
    const text = page.refused;
    if (text === undefined) return;
    const kept = await file().overwrite(text);
    if (kept !== undefined) events.letGo("disk", kept);
    show(text);
  };
  const leave = async (page: Page): Promise<void> => {
    if (!pages.delete(page)) return;
    await page.work;
    if (page.refused !== undefined) events.letGo("studio", await file().keep(page.refused));
  };
  const inTurn = (page: Page, step: () => Promise<void>): void => {
    page.work = page.work.then(step).catch(events.fault);
  };
  const receive = (page: Page, message: PageMessage): void => {
    if (message.type === "tandem:overwrite") return inTurn(page, () => overwrite(page));
    return inTurn(page, () => change(page, message.code, message.base));
  };

  return {
    async welcome(socket) {
      const base = { number: 0, text: undefined };
      const work = Promise.resolve();
      const page: Page = { socket, sent: new Map(), last: 0, seen: 0, base, has: undefined, refused: undefined, work };
      socket.on("error", events.fault);
      socket.on("close", () => void leave(page).catch(events.fault));
      const text = await file().take();
      pages.add(page);
      send(page, "file:loaded", text ?? "");
      socket.on("message", (data) => {
        const message = readMessage(Buffer.isBuffer(data) ? data.toString() : "");
        if (message !== undefined) receive(page, message);
      });
    },
    show,
    showRemoved() {
      for (const { socket } of pages) socket.send(JSON.stringify({ type: "file:deleted" }));
    },
    async closeAll() {
      await Promise.all(
        [...pages].map(async (page) => {
          page.socket.terminate();
          await leave(page);
        }),
      );
    },
  };
}
