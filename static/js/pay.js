// Opens Razorpay's checkout over the pay page. Without it the form goes to Razorpay's own page instead.
(() => {
  const form = document.querySelector("form[data-razorpay]");
  if (!form || !window.Razorpay) return;

  const note = document.getElementById("payment-note");
  const options = JSON.parse(document.getElementById(form.dataset.razorpay).textContent);

  function handBack(fields) {
    const reply = document.createElement("form");
    reply.method = "post";
    reply.action = form.dataset.return;
    for (const [name, value] of Object.entries(fields)) {
      const input = document.createElement("input");
      input.type = "hidden";
      input.name = name;
      input.value = value;
      reply.append(input);
    }
    document.body.append(reply);
    note.textContent = "Payment received. One moment…";
    reply.submit();
  }

  let isOpen = false;
  function open() {
    if (isOpen) return;
    isOpen = true;
    note.textContent = "";
    const checkout = new window.Razorpay({
      ...options,
      handler: handBack,
      modal: {
        confirm_close: true,
        ondismiss: () => {
          isOpen = false;
          note.textContent = "You closed the payment. If you did pay, this page notices by itself.";
          form.querySelector("button").focus();
        },
      },
    });
    checkout.on("payment.failed", (response) => {
      note.textContent = response.error.description;
    });
    checkout.open();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    open();
  });
  if (!new URLSearchParams(location.search).has("failed")) open();
})();
