// Added to Studio's page, before anything of Studio's runs.

// Every start may have another port and is then a first visit to Studio: its tour, and the question whether the
// contract shall be converted to the newest version of AsyncAPI, would come each time.
localStorage.setItem("alreadyVisited", "true");
sessionStorage.setItem("informed-about-latest", new Date(8.64e15).toString());

// Every change is saved as it is made, so Ctrl+S has nothing to ask; where the file was changed elsewhere too, it
// decides for what stands here.
addEventListener(
  "keydown",
  (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    fetch("/tandem/overwrite", { method: "POST" });
  },
  { capture: true },
);

const notice = document.createElement("div");
notice.id = "tandem-notice";
notice.setAttribute("role", "alert");
notice.style.cssText =
  "position:fixed;inset:auto 1rem 1rem 1rem;z-index:9999;padding:.75rem 1rem;border-radius:.375rem;background:#b91c1c;color:#fff;font:15px system-ui";
notice.textContent =
  "The file was changed here and elsewhere, and nothing was written. Ctrl+S writes what is here over it; reloading the page takes the file.";

new EventSource("/tandem/conflicts").addEventListener("message", ({ data }) => {
  if (data === "true") document.body.append(notice);
  else notice.remove();
});
