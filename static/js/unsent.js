// This page says that what was just sent was not saved: kept.js puts it back when its form is opened again.
const kept = JSON.parse(sessionStorage.getItem("kept-form") ?? "null");
if (kept) sessionStorage.setItem("kept-form", JSON.stringify({ ...kept, unsent: true }));
