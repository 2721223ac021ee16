// Draws the diagrams of the page; `strict` lets no text of theirs become HTML or a link.
mermaid.initialize({
  startOnLoad: true,
  securityLevel: "strict",
  theme: matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "default",
});
