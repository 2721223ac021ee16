// Draws the document that stands in the page.
const data = JSON.parse(document.getElementById("document").textContent);
const place = document.getElementById("asyncapi");

AsyncApiStandalone.render(
  {
    schema: data,
    config: {
      show: { sidebar: true, errors: true },
      expand: { messageExamples: false },
      sidebar: { showServers: "byDefault", showOperations: "byOperationsTags", useChannelAddressAsIdentifier: true },
    },
  },
  place,
);

// The component draws when it likes to, and again when it has measured its room.
let isArrived = false;
new MutationObserver(() => {
  const operations = place.querySelectorAll("#operations > ul > li");
  nameServices(operations);
  // The list leads to messages by their names, and they stand under their keys, which the list shows.
  for (const link of place.querySelectorAll(".sidebar a[href^='#message-']")) {
    link.setAttribute("href", `#message-${link.textContent}`);
  }
  if (isArrived || operations.length === 0) return;
  isArrived = true;
  // What the address names was not there when the browser looked for it.
  document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
}).observe(place, { childList: true, subtree: true });

/** The first operation of each service says whose they are; the style sheet shows it as a heading. */
function nameServices(operations) {
  let before;
  for (const operation of operations) {
    const key = operation.id.replace(/^operation-[a-z]+-/, "");
    const service = data.operations[key]?.tags?.[0]?.name;
    if (service !== undefined && service !== before) operation.dataset.service = service;
    before = service;
  }
}
