// Copies what stands in a block of code, or the advice where there is none.
{
  const said = document.createElement('p');
  said.className = 'unseen';
  said.id = 'copied';
  said.setAttribute('role', 'status');
  document.body.append(said);

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.createElement('textarea');
      area.value = text;
      document.body.append(area);
      area.select();
      const done = document.execCommand('copy');
      area.remove();
      if (!done) throw new Error('not copied');
    }
  }

  async function copyFrom(button) {
    const block = button.closest('.block');
    const source = block ? block.querySelector('code') : button.parentElement.querySelector('.advice');
    let result = 'Copied';
    try {
      await copy(source.textContent);
      button.focus();
    } catch {
      result = 'Not copied';
    }
    button.textContent = result;
    said.textContent = result;
    setTimeout(() => {
      button.textContent = 'Copy';
      said.textContent = '';
    }, 2000);
  }

  document.addEventListener('click', (event) => {
    const button = event.target.closest('button.copy');
    if (button !== null) copyFrom(button);
  });
}
