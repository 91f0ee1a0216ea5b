"""The script that reads the parts that a content is made of: its blocks as a visitor meets them."""

from checks.visibility import SAID_JS, UNSEEN_JS
from checks.wordpress.reading.article_js import AGAIN, MADE

#: Below which headings a part stands, and how many words are before and after it; a picture or a table counts as five.
PLACED_JS = r"""const titles = [...root.querySelectorAll('h1, h2, h3, h4, h5, h6')].filter(title => !title.closest('__AGAIN__'));
    const [starts, ends] = [new Map(), new Map()];
    let words = 0;
    const measure = node => {
        starts.set(node, words);
        if (node.nodeType === Node.TEXT_NODE) words += node.data.split(/\s+/).filter(word => /[\p{L}\p{N}]/u.test(word)).length;
        else if (node.nodeType === Node.ELEMENT_NODE && !node.matches('script, style, noscript, template, __AGAIN__')) {
            if (node.matches('img, video, audio, iframe, embed, table')) words += 5;
            node.childNodes.forEach(measure);
        }
        ends.set(node, words);
    };
    measure(root);
    const placed = node => {
        // What stands beside the text of its block, or behind it, is where the block is, wherever the page's source has it.
        const beside = node.closest('.wp-block-media-text__media, .wp-block-cover__image-background, .wp-block-cover__video-background');
        const around = [beside?.closest('.wp-block-media-text, .wp-block-cover'), node.closest('.wp-block-buttons, figure'), node].find(one => one && root.contains(one) && one !== root);
        const under = [];
        let level = 7;
        for (const title of [...titles].reverse()) {
            const above = title.compareDocumentPosition(node) === Node.DOCUMENT_POSITION_FOLLOWING;
            if (!above || Number(title.tagName[1]) >= level) continue;
            level = Number(title.tagName[1]);
            under.push(clean(title.textContent));
        }
        return {under, before: starts.get(around), after: words - ends.get(around)};
    };"""

# Reads the content of this number on the page, or a piece of HTML. Each part says why a visitor can't see it.
PARTS_JS = (
    r"""async what => {
    const root = typeof what === 'number'
        ? document.querySelector(`#post-${what} .entry-content`) || document.querySelector('.entry-content')
            || document.querySelector('main') || document.body
        : new DOMParser().parseFromString(what, 'text/html').body;
    __UNSEEN__
    __SAID__
    const lines = node => tidy(said(node)).trim();
    const clean = text => (text || '').replace(/\s+/g, ' ').trim();
    const parts = [];
    __PLACED__
    const part = (kind, node, more = {}) =>
        parts.push({kind, text: lines(node), unseen: unseen(node), sources: [], links: [], rows: [], ...placed(node), ...more});
    // A picture that opens at a click has its figure twice more, for that moment.
    const all = (selector, from = root) => [...from.querySelectorAll(selector)]
        .filter(node => !node.closest('.wp-lightbox-overlay, __AGAIN__') && !node.parentElement.closest('__MADE__'));
    const source = node => node.getAttribute('src') || node.querySelector('source[src]')?.getAttribute('src') || '';
    const background = node => node.style.backgroundImage.match(/url\(["']?(.*?)["']?\)/)?.[1] || '';
    const pictures = node => [...all('img, video', node).map(source), ...[node, ...all('[style*="background-image"]', node)].map(background)]
        .filter(Boolean);
    const hrefs = node => all('a[href]', node).map(a => a.getAttribute('href'));
    const classed = (node, pattern) => {
        for (let on = node; on && on !== root; on = on.parentElement) {
            if (on !== node && !on.matches('a, picture, figure, div.wp-block-image, div.wp-caption, p')) break;
            for (const name of on.classList) { const found = name.match(pattern); if (found) return found[1]; }
        }
        return '';
    };
    // On which side of the text columns or a row put a picture, which then needs no place of its own; and where a style or
    // a block around it does.
    const frame = (root.querySelector(':scope > p') || root).getBoundingClientRect();
    const standing = node => {
        const around = node.closest('.wp-block-columns, .wp-block-group.is-layout-flex');
        const [box, frame] = [node, root].map(one => one.getBoundingClientRect());
        if (!around || !root.contains(around) || !box.width || box.width > 0.9 * frame.width) return '';
        const middle = (box.left + box.width / 2 - frame.left) / frame.width;
        return Math.abs(middle - 0.5) < 0.1 ? 'center' : middle < 0.5 ? 'left' : 'right';
    };
    const styled = node => {
        const box = node.getBoundingClientRect();
        if (!box.width || !frame.width) return '';
        if (box.width > frame.width + 20) return box.width > 0.95 * document.documentElement.clientWidth ? 'full' : 'wide';
        for (let on = node; on && on !== root; on = on.parentElement) {
            const side = getComputedStyle(on).cssFloat;
            if (side === 'left' || side === 'right') return side;
        }
        if (box.width > 0.9 * frame.width) return '';
        const middle = (box.left + box.width / 2 - frame.left) / frame.width;
        return Math.abs(middle - 0.5) < 0.03 ? 'center' : frame.right - box.right < 3 ? 'right' : '';
    };
    // A banner is there for its picture, a player stands around the film or the sound.
    const pictured = node => {
        const behind = all('.wp-block-cover__image-background, .wp-block-cover__video-background', node).filter(one => one.closest('.wp-block-cover') === node);
        return [...behind.map(one => unseen(one, !one.matches('img, video'))), unseen(node, !behind.length && Boolean(background(node)))].find(Boolean) || '';
    };
    const player = node => unseen(node.closest('.mejs-container') || node);
    if (root.ownerDocument === document) await settled(all('img, video, iframe, embed, table, p, li, h1, h2, h3, h4, h5, h6'));
    for (const node of all('h1, h2, h3, h4, h5, h6')) part('titre', node, {level: Number(node.tagName[1])});
    for (const node of all('p, li, blockquote, pre')) part('paragraphe', node, {links: hrefs(node)});
    for (const node of all('a[href]')) part('lien', node, {links: [node.getAttribute('href')]});
    for (const node of all('.wp-block-button, a.wp-element-button:not(.wp-block-file__button, .wp-block-button *), .ast-button')) {
        const own = node.matches('a[href]') ? [node.getAttribute('href')] : hrefs(node);
        part('bouton', node, {links: own});
    }
    for (const node of all('.wp-block-cover')) part('bannière', node, {sources: pictures(node), links: hrefs(node), unseen: pictured(node)});
    for (const node of all('.wp-block-gallery, .gallery')) {
        const columns = Number([...node.classList].join(' ').match(/(?:^| )(?:gallery-)?columns-(\d)/)?.[1] || 0);
        part('galerie', node, {sources: pictures(node), links: hrefs(node), columns});
    }
    for (const node of all('table')) {
        if (node.closest('.wp-block-calendar, #wp-calendar, .wp-calendar-table')) continue;
        part('tableau', node, {rows: [...node.rows].map(row => [...row.cells].map(lines))});
    }
    for (const node of all('.wp-block-rss')) part('flux rss', node);
    for (const node of all('.wp-block-calendar, #wp-calendar')) part('calendrier', node);
    for (const node of all('audio')) part('audio', node, {sources: [source(node)], unseen: player(node)});
    for (const node of all('video')) part('vidéo', node, {sources: [source(node)], unseen: player(node)});
    for (const node of all('.wp-block-file')) part('fichier', node, {sources: hrefs(node), links: hrefs(node)});
    for (const node of all('iframe[src], embed[src]')) {
        const map = node.closest('.uagb-google-map__wrap');  // the station lays a picture over Spectra's map
        part('cadre', node, {sources: [node.getAttribute('src')], unseen: map ? unseen(map, true) : unseen(node)});
    }
    for (const node of all('img')) {
        const around = node.closest('a[href]');
        const figure = node.closest('figure, .wp-caption');
        const side = node.closest('.wp-block-media-text');
        part('image', node, {
            sources: [source(node)], links: around && root.contains(around) ? [around.getAttribute('href')] : [],
            alt: node.getAttribute('alt') || '',
            caption: clean(figure?.querySelector('figcaption, .wp-caption-text')?.textContent),
            align: classed(node, /^align(left|right|center|wide|full)$/) || (side?.matches('.has-media-on-the-right') ? 'right' : side ? 'left' : ''),
            stands: standing(node),
            styled: styled(node),
            size: classed(node, /^size-([a-z-]+)$/),
            width: (node.style.width.endsWith('%') ? 0 : parseInt(node.style.width)) || parseInt(node.getAttribute('width')) || 0,
            drawn: Math.round(node.getBoundingClientRect().width),
            banner: Boolean(node.matches('.wp-block-cover__image-background')),
        });
    }
    return parts;
}""".replace("__PLACED__", PLACED_JS)
    .replace("__UNSEEN__", UNSEEN_JS)
    .replace("__SAID__", SAID_JS)
    .replace("__MADE__", MADE)
    .replace("__AGAIN__", AGAIN)
)
