// Whoever signs out leaves nothing behind that was typed at the desk: not in this tab, and by the mark not in another.
document.addEventListener("submit", (event) => {
  if (!event.target.getAttribute("action").endsWith("/sign-out")) return;
  for (const key of Object.keys(sessionStorage)) if (key.startsWith("desk-draft:")) sessionStorage.removeItem(key);
  localStorage.setItem("desk-signed-out", Date.now());
});
