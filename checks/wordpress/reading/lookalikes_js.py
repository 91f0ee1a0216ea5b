"""The script that reads what looks like a block in a content and is none: backgrounds, framed links, pictures side by side."""

from checks.visibility import UNSEEN_JS

# Reads the content of this number on the page, where styles are known, or a piece of HTML, where only what its elements say
# themselves is.
LOOKALIKES_JS = r"""async what => {
    const shown = typeof what === 'number';
    const root = shown
        ? document.querySelector(`#post-${what} .entry-content`) || document.querySelector('.entry-content')
            || document.querySelector('main') || document.body
        : new DOMParser().parseFromString(what, 'text/html').body;
    __UNSEEN__
    const found = [];
    const text = node => ((shown ? node.innerText : node.textContent) || '').trim().slice(0, 50000);
    const add = (kind, node, more = {}) => {
        if (found.length > 300 || (shown && !['texte', 'cadre'].includes(kind) && unseen(node, kind === 'fond'))) return;
        found.push({kind, text: text(node), sources: [], links: [], ...more});
    };
    const style = node => shown ? getComputedStyle(node) : node.style;
    const visible = node => !shown || (node.checkVisibility({visibilityProperty: true, opacityProperty: true}) && node.getClientRects().length > 0);
    const url = value => (value || '').match(/url\(["']?(.*?)["']?\)/)?.[1] || '';
    const own = (node, ...names) => names.map(name => node.getAttribute(name)).find(Boolean) || '';
    const all = selector => [...root.querySelectorAll(selector)].filter(visible).slice(0, 2000);
    const source = node => own(node, 'src', 'data') || node.querySelector('source[src]')?.getAttribute('src') || '';

    if (shown) await settled(all('img'));
    add('texte', root);
    for (const node of all('*')) {
        if (node.closest('.wp-block-cover')) continue;
        const picture = url(style(node).backgroundImage);
        if (picture) add('fond', node, {sources: [picture]});
    }
    for (const node of all('.wp-block-cover'))
        add('bannière', node, {sources: [...node.querySelectorAll('img, [style*="background-image"]')]
            .map(one => source(one) || url(one.style.backgroundImage)).filter(Boolean)});
    for (const node of all('.wp-block-columns, .is-layout-flex, .is-layout-grid, [style*="grid"], [style*="flex"], dl')) add('colonnes', node);
    const framed = node => {
        if (!shown) return /background|border/.test(node.getAttribute('style') || '');
        const {backgroundColor, backgroundImage, borderTopStyle, borderTopWidth, paddingTop, paddingLeft} = style(node);
        const filled = !/^(transparent|rgba\(.*, 0\))$/.test(backgroundColor) || backgroundImage !== 'none';
        const lined = borderTopStyle !== 'none' && parseFloat(borderTopWidth) > 0;
        return (filled || lined) && parseFloat(paddingTop) >= 3 && parseFloat(paddingLeft) >= 3;
    };
    for (const node of all('a[href], button, input[type=submit], input[type=button]')) {
        if (node.closest('.wp-block-file, .wp-block-button')) continue;
        const around = node.parentElement;
        const alone = around !== root && text(around) === text(node);
        if (node.matches('a') && !framed(node) && !(alone && framed(around))) continue;
        const called = own(node, 'onclick').match(/['"]((?:https?:)?\/[^'"]*)['"]/)?.[1];
        const target = own(node, 'href', 'formaction') || called || node.closest('form[action]')?.getAttribute('action')
            || node.closest('a[href]')?.getAttribute('href') || '';
        add('encadré', node, {text: text(node) || own(node, 'value'), links: target ? [target] : []});
    }
    for (const node of all('iframe[src], embed[src], object[data], video, audio'))
        add(node.tagName === 'VIDEO' ? 'vidéo' : node.tagName === 'AUDIO' ? 'audio' : 'cadre', node, {sources: [source(node)].filter(Boolean)});
    for (const node of all('table, [class*=calend i], [id*=calend i]')) {
        if (node.matches('.wp-block-calendar, .wp-block-calendar *, #wp-calendar')) continue;
        const days = new Set([...node.querySelectorAll('td, li, span, div')].map(one => one.textContent.trim()));
        if ([...Array(28).keys()].every(day => days.has(String(day + 1)))) add('calendrier', node);
    }
    const pictures = all('img').filter(node => !node.closest('.wp-block-gallery, .gallery, .wp-block-cover'));
    const boxes = new Map(pictures.map(node => [node, node.getBoundingClientRect()]));
    const beside = (one, other) => {
        const [a, b] = [boxes.get(one), boxes.get(other)];
        const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        return high > Math.min(a.height, b.height) / 2 && high > 0 && (a.right <= b.left + 1 || b.right <= a.left + 1);
    };
    const rows = [];
    for (const one of shown ? pictures : []) {
        const row = pictures.filter(other => other !== one && beside(one, other));
        if (!row.length) continue;
        let around = one.parentElement;
        while (around !== root && !row.every(other => around.contains(other))) around = around.parentElement;
        const together = around === root ? [one, ...row] : [...around.querySelectorAll('img')];
        rows.push(...together.filter(node => !rows.includes(node)));
    }
    if (rows.length > 1) add('rangée', root, {text: '', sources: rows.map(source)});
    return found;
}""".replace("__UNSEEN__", UNSEEN_JS)
