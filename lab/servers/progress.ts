/** Told of a step that may take longer than a second, in words for a person. */
export type OnProgress = (text: string) => void;
