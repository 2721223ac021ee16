// Brings the page that is read into view in the list of pages, and leaves the page where it is.
const list = document.querySelector("body > nav");
const current = list.querySelector("[aria-current]");
list.scrollTop = current.offsetTop - list.clientHeight / 2;
