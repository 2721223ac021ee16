/** The little of jsdom that tests use; its own types would bring those of a browser into every file. */
declare module "jsdom" {
  export interface PageElement {
    readonly textContent: string;
    readonly tagName: string;
    getAttribute(name: string): string | null;
    querySelectorAll(selector: string): Iterable<PageElement> & { readonly length: number };
  }

  export class JSDOM {
    constructor(html: string, options?: Readonly<Record<string, unknown>>);
    static fromFile(file: string, options?: Readonly<Record<string, unknown>>): Promise<JSDOM>;
    readonly window: { readonly document: PageElement; close(): void };
  }

  export class VirtualConsole {
    on(event: string, listener: (error: Error) => void): this;
  }
}
