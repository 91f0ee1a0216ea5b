"""The script that reads the blocks of Spectra in a content, as a visitor meets them."""

from checks.visibility import REASONS, SAID_JS, UNSEEN_JS
from checks.wordpress.reading.article_js import AGAIN
from checks.wordpress.reading.parts_js import PLACED_JS

# Of each kind: the block, what it is made of ("" where it is one thing), and what each of these says.
_KINDS_JS = r"""
    const named = (node, selectors) => Object.fromEntries(Object.entries(selectors).map(([name, one]) => [name, text(node, one)]));
    const field = node => {
        const kind = [...node.classList].map(name => name.match(/^uagb-forms-(\w+)-wrap$/)?.[1]).find(Boolean) || '';
        const label = node.querySelector('.uagb-forms-input-label') || node.querySelector('label');
        const choices = [...node.querySelectorAll('option, [type=radio], [type=checkbox]')]
            .map(one => clean(one.matches('option') ? one.textContent : one.labels?.[0]?.textContent || one.value)).filter(Boolean);
        const required = Boolean(node.querySelector(':is(input, select, textarea)[required]') || label?.classList.contains('required'));
        return {texts: {kind, label: label ? lines(label) : '', choices: kind === 'phone' ? '' : choices.join('\n')}, required};
    };
    const kinds = {
        'diaporama': ['.wp-block-uagb-slider', '.uagb-slider-child-wrap', node => ({texts: {text: lines(node)}})],
        'formulaire': ['.wp-block-uagb-forms', '.uagb-forms-field-set', field],
        'FAQ': ['.wp-block-uagb-faq', '.uagb-faq-item', node => ({texts: named(node, {question: '.uagb-question', answer: '.uagb-faq-content'})})],
        'témoignages': ['.wp-block-uagb-testimonial', '.uagb-testimonial__wrap', node => (
            {texts: named(node, {name: '.uagb-tm__author-name', company: '.uagb-tm__company', words: '.uagb-tm__desc'})})],
        'équipe': ['.wp-block-uagb-team', '', node => ({texts: {
            ...named(node, {name: '.uagb-team__title', post: '.uagb-team__prefix', words: '.uagb-team__desc'}),
            icons: node.querySelector('.uagb-team__social-icon') ? 'icônes de réseaux' : '',
        }})],
        'compte à rebours': ['.wp-block-uagb-countdown', '', node => ({texts: {
            ...Object.fromEntries(['days', 'hours', 'minutes', 'seconds'].map(unit => {
                const box = node.querySelector(`.wp-block-uagb-countdown__time-${unit}`);
                return [unit, box && !unseen(box) ? clean(box.textContent) : ''];
            })),
            labels: all('.wp-block-uagb-countdown__label', node).filter(one => !unseen(one)).map(one => clean(one.textContent)).join('\n'),
        }})],
    };"""

# What an own block says beside that of which it is made: the button of a form, and what it answers.
_BESIDES_JS = r"""
    const besides = node => named(node, {
        button: '.uagb-forms-main-submit-button-text', message: '[class*=uagb-forms-success-message]',
    });"""

# Reads the blocks of a kind in the content of this number on the page, or in a piece of HTML, and what stands there that
# looks like it: `others` are the selectors of that. A countdown begins to count after the page has loaded.
SPECTRA_JS = (
    r"""async ([what, kind, others]) => {
    const shown = typeof what === 'number';
    const root = shown
        ? document.querySelector(`#post-${what} .entry-content`) || document.querySelector('.entry-content')
            || document.querySelector('main') || document.body
        : new DOMParser().parseFromString(what, 'text/html').body;
    __UNSEEN__
    __SAID__
    const lines = node => tidy(said(node, on => on.matches('script, style, noscript, template, __AGAIN__'))).trim();
    const clean = text => (text || '').replace(/\s+/g, ' ').trim();
    __PLACED__
    const all = (selector, from = root) => [...from.querySelectorAll(selector)].filter(node => !node.closest('__AGAIN__'));
    const text = (node, selector) => { const one = node.querySelector(selector); return one ? lines(one) : ''; };
    const url = value => (value || '').match(/url\(["']?(.*?)["']?\)/)?.[1] || '';
    const background = on => url(shown ? getComputedStyle(on).backgroundImage : on.style.backgroundImage);
    const sources = node => [...all('img', node).map(one => one.getAttribute('src')), ...[node, ...all('*', node)].map(background)].filter(Boolean);
    const links = node => all('a[href]', node).map(one => one.getAttribute('href'));
    // Spectra hides a block from a kind of screen by a style, and no click shows it.
    const away = node => {
        if (!shown || node.checkVisibility() || getComputedStyle(node).display !== 'none') return '';
        return node.matches('.uag-hide-desktop') ? __PHONE__ : __HIDDEN__;
    };
    __KINDS____BESIDES__
    const [own, pieces, read] = kinds[kind];
    const blocks = all(own);
    if (shown) {
        for (let tries = 0; tries < 30 && blocks.some(node => node.querySelector('.wp-block-uagb-countdown__time')?.textContent.trim() === '-'); tries += 1)
            await new Promise(done => setTimeout(done, 100));
        await settled(blocks.flatMap(node => [node, ...all('img', node)]));
    }
    const item = (node, hidden) => ({sources: sources(node), links: links(node), unseen: hidden || unseen(node), required: false, ...read(node)});
    const part = (node, hidden) => ({kind, text: lines(node), unseen: hidden || unseen(node), sources: sources(node), links: links(node), rows: [], ...placed(node)});
    const found = blocks.map(node => {
        const hidden = away(node);
        return {
            part: part(node, hidden), items: (pieces ? all(pieces, node) : [node]).map(one => item(one, hidden)), besides: besides(node),
            number: [...node.classList].map(name => name.match(/^uagb-block-(.+)$/)?.[1]).find(Boolean) || '',
        };
    });
    for (const node of all(others)) {
        if (node.closest(own) || node.querySelector(own) || unseen(node)) continue;
        found.push({part: {...part(node, ''), kind: 'autre'}, items: [], besides: {}, number: ''});
    }
    return found;
}""".replace("__KINDS__", _KINDS_JS)
    .replace("__BESIDES__", _BESIDES_JS)
    .replace("__PLACED__", PLACED_JS)
    .replace("__UNSEEN__", UNSEEN_JS)
    .replace("__SAID__", SAID_JS)
    .replace("__AGAIN__", AGAIN)
    .replace("__PHONE__", repr(REASONS["PHONE"]))
    .replace("__HIDDEN__", repr(REASONS["HIDDEN"]))
)
