/* All forms that only talk to the pretended server: newsletter, register, login,
   comment, webinar, quote, trial. Validation is the browser's own (required,
   type=email ...); its messages are shown under the fields instead of in bubbles.
   fail@example.com is refused by the "server". Also the notify-me buttons. */

window.Shop = window.Shop || {};

(function () {
  var REFUSED = 'fail@example.com';
  var count = 0;

  function messageFor(field) {
    var validity = field.validity;
    if (validity.valueMissing) return field.dataset.missing || 'Please fill this in.';
    if (validity.typeMismatch && field.type === 'email') return 'That does not look like an email address, for example ana@mail.com.';
    if (validity.tooShort) return 'Please use at least ' + field.minLength + ' characters.';
    if (validity.patternMismatch && field.title) return field.title;
    return field.validationMessage;
  }

  function errorOf(field) {
    return field.dataset.errorId ? document.getElementById(field.dataset.errorId) : null;
  }

  function showInvalid(field) {
    var note = errorOf(field);
    if (!note) {
      count += 1;
      note = Shop.el('p', { class: 'field-error', id: 'field-error-' + count });
      field.dataset.errorId = note.getAttribute('id');
      (field.closest('.field') || field.closest('label') || field.parentNode).append(note);
    }
    note.textContent = messageFor(field);
    field.setAttribute('aria-invalid', 'true');
    if (!field.dataset.describedBefore) field.dataset.describedBefore = field.getAttribute('aria-describedby') || ' ';
    field.setAttribute('aria-describedby', (field.dataset.describedBefore + ' ' + note.getAttribute('id')).trim());
  }

  function clearInvalid(field) {
    var note = errorOf(field);
    field.removeAttribute('aria-invalid');
    if (note) note.textContent = '';
  }

  // "invalid" does not bubble, so it is caught on its way down. It comes once per
  // field and in order: the first one of a round gets the focus.
  var focused = false;
  document.addEventListener('invalid', function (event) {
    event.preventDefault();
    showInvalid(event.target);
    if (!focused) {
      focused = true;
      event.target.focus();
      setTimeout(function () { focused = false; }, 0);
    }
  }, true);

  document.addEventListener('input', function (event) {
    var field = event.target;
    if (field.getAttribute('aria-invalid') !== 'true') return;
    if (field.validity.valid) clearInvalid(field);
    else showInvalid(field);
  });

  /* True while the form waits for its answer: a second submit is dropped. */
  function busy(form, yes) {
    var button = form.querySelector('[type="submit"]');
    if (yes) {
      button.dataset.text = button.textContent;
      button.textContent = 'One moment…';
      button.setAttribute('aria-busy', 'true');
    } else {
      button.textContent = button.dataset.text;
      button.removeAttribute('aria-busy');
    }
  }

  function reveal(element) {
    element.hidden = false;
    element.setAttribute('tabindex', '-1');
    element.focus({ preventScroll: true });
    element.scrollIntoView({ block: 'nearest' });
  }

  function showComment(form) {
    var list = document.querySelector('.comments');
    if (!list) return;
    list.append(Shop.el('li', {},
      Shop.el('strong', {}, form.elements.namedItem('name').value), ' ',
      Shop.el('span', { class: 'when' }, 'just now, waits for a look from our side'),
      Shop.el('p', {}, form.elements.namedItem('comment').value)));
  }

  Shop.refuses = function (form) {
    var email = form.querySelector('input[type="email"]');
    return Boolean(email) && email.value.trim().toLowerCase() === REFUSED;
  };

  Shop.formBusy = busy;
  Shop.reveal = reveal;

  document.addEventListener('submit', function (event) {
    var form = event.target;
    if (!form.matches('.shop-form')) return;
    event.preventDefault();
    if (form.querySelector('[aria-busy="true"]')) return;
    var thanks = form.querySelector('.thanks');
    var error = form.querySelector('.error');
    thanks.hidden = true;
    error.hidden = true;
    busy(form, true);

    setTimeout(function () {
      busy(form, false);
      if (Shop.refuses(form)) {
        reveal(error);
        return;
      }
      if (form.matches('.comment')) showComment(form);
      form.querySelectorAll('[data-echo]').forEach(function (place) {
        place.textContent = form.elements.namedItem(place.dataset.echo).value;
      });
      form.querySelector('.fields').hidden = true;
      form.reset();
      reveal(thanks);
    }, Shop.answerAfter);
  });

  document.addEventListener('click', function (event) {
    var button = event.target.closest('.notify-me');
    if (!button) return;
    var status = button.parentNode.querySelector('.notify-status');
    if (!('Notification' in window)) {
      status.textContent = 'This browser cannot show notifications. The newsletter tells you too.';
      return;
    }
    Notification.requestPermission().then(function (answer) {
      if (answer === 'granted') {
        button.hidden = true;
        status.textContent = 'Done. You will get one notification, then we are quiet again.';
      } else if (answer === 'denied') {
        status.textContent = 'Notifications are blocked for this site. You can change that in the browser settings.';
      } else {
        status.textContent = 'No decision yet. You can ask again at any time.';
      }
    });
  });
})();
