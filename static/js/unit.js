// The unit chosen in the preferences travels with a search that does not name one: the page itself stays the same for all.
import { readCookie } from "./cookies.js";

export function startUnit() {
  const unit = readCookie("unit");
  if (unit !== "km" && unit !== "mi") return;
  document.querySelectorAll("form[data-search]").forEach((form) => {
    if (form.elements.namedItem("unit")) return;
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "unit", value: unit });
    form.append(field);
  });
}
