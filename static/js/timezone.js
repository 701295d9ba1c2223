// Tells the form the visitor's time zone, so that times on offer are shown at their own clock.
for (const field of document.querySelectorAll("[data-timezone]")) {
  field.value = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
}
