// Draws the document that stands in the page.
const data = JSON.parse(document.getElementById("document").textContent);
AsyncApiStandalone.render(
  {
    schema: data,
    config: {
      show: { sidebar: true, errors: true },
      expand: { messageExamples: false },
      sidebar: { showServers: "byDefault", showOperations: "byOperationsTags", useChannelAddressAsIdentifier: true },
    },
  },
  document.getElementById("asyncapi"),
);
