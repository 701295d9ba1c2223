// Forms that carry a passkey: fetch the options, ask the authenticator, put its answer into the form and send it.
const decode = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const encode = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
const withIds = (list = []) => list.map((one) => ({ ...one, id: decode(one.id) }));

async function options(form) {
  const answer = await fetch(form.dataset.options, {
    method: "POST",
    headers: { "X-CSRFToken": form.elements.csrf_token.value },
    body: new URLSearchParams(),
  });
  if (!answer.ok || answer.redirected) throw new Error(`options: ${answer.status}`);
  return answer.json();
}

async function create(form) {
  const wanted = await options(form);
  const publicKey = {
    ...wanted,
    challenge: decode(wanted.challenge),
    user: { ...wanted.user, id: decode(wanted.user.id) },
    excludeCredentials: withIds(wanted.excludeCredentials),
  };
  const made = await navigator.credentials.create({ publicKey });
  return {
    id: made.id,
    rawId: encode(made.rawId),
    type: made.type,
    response: { clientDataJSON: encode(made.response.clientDataJSON), attestationObject: encode(made.response.attestationObject) },
  };
}

async function get(form) {
  const wanted = await options(form);
  const publicKey = { ...wanted, challenge: decode(wanted.challenge), allowCredentials: withIds(wanted.allowCredentials) };
  const given = await navigator.credentials.get({ publicKey });
  const { clientDataJSON, authenticatorData, signature, userHandle } = given.response;
  return {
    id: given.id,
    rawId: encode(given.rawId),
    type: given.type,
    response: {
      clientDataJSON: encode(clientDataJSON),
      authenticatorData: encode(authenticatorData),
      signature: encode(signature),
      userHandle: userHandle ? encode(userHandle) : null,
    },
  };
}

const ways = { create, get };

function start(form) {
  form.hidden = false;
  const said = form.querySelector("[data-passkey-error]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    said.hidden = true;
    try {
      form.elements.credential.value = JSON.stringify(await ways[form.dataset.passkey](form));
      form.submit();
    } catch {
      said.hidden = false;
    }
  });
}

if (window.PublicKeyCredential) document.querySelectorAll("[data-passkey]").forEach(start);
