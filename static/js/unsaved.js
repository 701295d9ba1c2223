// Whoever leaves a form with something typed and not sent is asked first.
const form = document.querySelector("form[data-unsaved]");
let typed = form?.dataset.unsaved === "typed";

form?.addEventListener("input", () => (typed = true));
form?.addEventListener("submit", () => (typed = false));
addEventListener("beforeunload", (event) => {
  if (typed) event.preventDefault();
});
