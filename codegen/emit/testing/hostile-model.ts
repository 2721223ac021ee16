/** Models whose every text means harm. */
import type { Model } from "../../model/model.ts";
import type { View } from "../../model/view/view.ts";
import { eventOf, maker, modelOf, routeOf } from "./model.ts";

/** Texts that mean something in HTML, Markdown, Mermaid or TypeScript. */
export const HOSTILE = [
  "<script>alert(1)</script>",
  '"] --> x["',
  "%%{init: { 'securityLevel': 'loose' }}%%",
  "end",
  "a | b ``` c",
  "line\n## heading\n```js",
  "click x call alert()",
  "#quot; &quot; ; `markdown`",
  "*/ ${x} $&",
  "\u2028\u202e__proto__",
];

/** A model with one text in every place that takes text. */
export function hostileModel(text: string): Model {
  const view: View = { service: text, file: "maker", description: text, channels: [], operations: [], messages: [] };
  const [handled] = maker.handles;
  if (handled === undefined) throw new Error("maker handles nothing");
  const durables = [{ name: text, version: 1, deadLetterSubject: text }];
  return modelOf({
    title: text,
    version: text,
    source: text,
    info: { title: text, description: text },
    events: [
      eventOf(true, { description: text, subject: text }, { name: text, summary: text, stream: text, key: text }),
    ],
    routes: [routeOf(true, { path: text, summary: text, service: text })],
    services: [{ ...maker, name: text, handles: [{ ...handled, durables }] }],
    views: [view],
  });
}
