"""The script that says why a visitor can't see a part of a page."""

from checks.paint_js import PAINT_JS

#: Each reason, by the name that the script has for it; `visibility.PLAIN` are those that leave no doubt.
REASONS = {
    "HIDDEN": "élément masqué par le style",
    "PHONE": "élément réservé aux téléphones",
    "TRANSPARENT": "élément transparent",
    "NO_SIZE": "élément sans taille",
    "TINY": "élément trop petit",
    "AWAY": "élément hors de l’écran",
    "CUT": "élément coupé par son cadre",
    "COVERED": "élément recouvert par un autre",
    "NEARLY": "élément presque entièrement recouvert par un autre",
    "SAME": "texte de la couleur de son fond",
    "BROKEN": "image qui ne s’affiche pas",
}
#: Those that leave no doubt: nobody sees it on that screen.
PLAIN = frozenset(REASONS[name] for name in ("HIDDEN", "PHONE", "TRANSPARENT", "COVERED"))

# How a style hides an element, and what of that a visitor undoes himself: an accordion or a tab that he opens, the
# other slides of a carousel, a question that he unfolds.
_STYLES = r"""
    const opening = /(^|[-_])(accord[ei]on|tabs?|tabpanel|toggle|collaps\w*|faq|slid(e|es|er)|slick|swiper|carousel|modal|popup|lightbox)([-_]|$)/i;
    const landmarks = 'html, body, header, main, nav, footer, #page, #content, #masthead, #colophon';
    const phones = '#ast-mobile-header, #ast-mobile-popup, .ast-mobile-header-wrap, .ast-mobile-popup-drawer, .hidden-md-up';
    const shut = on => {
        const style = getComputedStyle(on), box = on.getBoundingClientRect();
        return style.display === 'none' || style.visibility !== 'visible' || style.opacity === '0' || box.height < 1;
    };
    const openedBy = on => on.matches('dialog, [role=tabpanel], [role=dialog], [aria-labelledby]')
        || [...on.classList].some(name => opening.test(name) && !/hid(e|den)|^ast-/i.test(name))
        || on.id && document.querySelector(['[aria-controls~="ID"]', 'a[href="#ID"]', '[data-target="#ID"]'].join().replaceAll('ID', CSS.escape(on.id))) && shut(on);
    const chain = node => { const all = []; for (let on = node; on; on = on.parentElement) all.push(on); return all; };
    const openable = all => all.some(on => (!on.matches(landmarks) || getComputedStyle(on).display === 'none') && !on.closest(phones) && openedBy(on));
    const clear = mask => /gradient/.test(mask) && !/rgb\(|rgba\([^)]*, (0?\.\d*[1-9]|1)/.test(mask);
    const seeThrough = style => /opacity\(0(\.0\d*)?%?\)/.test(style.filter) || clear(style.webkitMaskImage || style.maskImage) ? 0 : Number(style.opacity);
    const faint = all => all.reduce((left, on) => left * seeThrough(getComputedStyle(on)), 1);
    // '' where no style hides it, 'OPENS' where a visitor opens what does.
    const styled = node => {
        const all = chain(node), none = all.filter(on => getComputedStyle(on).display === 'none');
        const visibility = getComputedStyle(node).visibility;
        if (none.length || visibility !== 'visible') {
            const cause = none.length ? none[none.length - 1] : node;
            if (cause.closest(phones) && innerWidth > 767) return 'PHONE';
            return openable(chain(none[0] || node)) ? 'OPENS' : 'HIDDEN';
        }
        if (!node.checkVisibility()) return all.some(on => on.matches('details:not([open])')) || openable(all) ? 'OPENS' : 'HIDDEN';
        if (faint(all) < 0.1) return openable(all) ? 'OPENS' : 'TRANSPARENT';
        return '';
    };"""

# What of an element is inside the window and inside each frame around it, once the page is scrolled to it.
_PLACES = r"""
    const boxOf = (node, text) => {
        if (!text) return [node.getBoundingClientRect()];
        const range = document.createRange();
        range.selectNodeContents(text);
        return [...range.getClientRects()];
    };
    const positioned = style => style.position !== 'static' || style.transform !== 'none' || style.filter !== 'none';
    const frames = node => {
        const found = [];
        let place = getComputedStyle(node).position;
        for (let on = node.parentElement; on && on !== document.body && place !== 'fixed'; on = on.parentElement) {
            const style = getComputedStyle(on);
            if (place === 'absolute' && !positioned(style)) continue;
            if (style.display !== 'inline' && style.display !== 'contents' && (style.overflowX !== 'visible' || style.overflowY !== 'visible')) found.push([on, style]);
            place = style.position;
        }
        return found;
    };
    const moved = new Map();
    const scrolledTo = (node, text) => {
        for (const [frame, style] of frames(node)) {
            if (!/auto|scroll/.test(style.overflowX + style.overflowY)) continue;
            const [box] = boxOf(node, text), around = frame.getBoundingClientRect();
            if (!moved.has(frame)) moved.set(frame, [frame.scrollLeft, frame.scrollTop]);
            if (box && (box.top < around.top || box.bottom > around.bottom)) frame.scrollTop += box.top - around.top;
            if (box && (box.left < around.left || box.right > around.right)) frame.scrollLeft += box.left - around.left;
        }
        const [box] = boxOf(node, text);
        const sideways = [document.documentElement, document.body].every(on => !/hidden|clip/.test(getComputedStyle(on).overflowX));
        if (box) scrollTo({
            top: box.top + scrollY - Math.max(0, (innerHeight - box.height) / 2),
            left: sideways ? Math.max(0, box.right + scrollX - innerWidth) : 0, behavior: 'instant',
        });
    };
    const inside = (box, around) => {
        const left = Math.max(box.left, around.left), right = Math.min(box.right, around.right);
        const top = Math.max(box.top, around.top), bottom = Math.min(box.bottom, around.bottom);
        return {left, right, top, bottom, width: right - left, height: bottom - top};
    };
    const empty = box => box.width < 1 || box.height < 1;
    const placed = (node, text) => {
        const window_ = {left: 0, top: 0, right: document.documentElement.clientWidth, bottom: innerHeight};
        const boxes = boxOf(node, text);
        if (boxes.every(empty)) return ['NO_SIZE', []];
        if (!text && node.tagName !== 'HR' && boxes.every(box => Math.min(box.width, box.height) < 4)) return ['TINY', []];
        const cut = frames(node).reduce((left, [frame]) => left.map(box => inside(box, frame.getBoundingClientRect())).filter(box => !empty(box)), boxes.filter(box => !empty(box)));
        if (!cut.length) return ['CUT', []];
        const shown = cut.map(box => inside(box, window_)).filter(box => !empty(box));
        return shown.length ? ['', shown] : ['AWAY', []];
    };"""

# Looks at several points of what a visitor has before him. `background`: of the picture behind the element's contents.
_POINTS = r"""
    const points = (boxes, text) => text
        ? boxes.slice(0, 4).flatMap(box => [0.1, 0.5, 0.9].map(x => [box.left + box.width * x, box.top + box.height / 2]))
        : boxes.slice(0, 4).flatMap(box => [0.06, 0.3, 0.5, 0.7, 0.94].flatMap(x => [0.08, 0.5, 0.92].map(
            y => [box.left + box.width * x, box.top + box.height * y])));
    const mine = (on, node, background) => on === node || !background && node.contains(on);
    const looked = (node, text, boxes, background) => {
        let hidden = 0, perhaps = 0, cut = 0, same = '';
        const all = points(boxes, text);
        for (const [x, y] of all) {
            const list = document.elementsFromPoint(x, y), at = list.findIndex(on => mine(on, node, background));
            if (at < 0) { cut += 1; continue; }
            const [left, maybe] = through(list.slice(0, at), node);
            if (left < 0.05) hidden += 1;
            else if (left < 0.2 || maybe) perhaps += 1;
            else if (text && !same) same = written(node, list.slice(at)) || 'NO';
        }
        if (cut === all.length) return 'CUT';
        if (hidden + cut === all.length) return 'COVERED';
        if (hidden + cut + perhaps > 0.85 * all.length) return 'NEARLY';
        return same === 'NO' ? '' : same;
    };
    const everywhere = new CSSStyleSheet();
    everywhere.replaceSync('*, ::before, ::after { pointer-events: auto !important; scroll-behavior: auto !important; }');
    const one = (node, text, background) => {
        const style = styled(node);
        if (style) return style === 'OPENS' ? '' : style;
        if (text && parseFloat(getComputedStyle(node).fontSize) < 5) return parseFloat(getComputedStyle(node).fontSize) < 1 ? 'NO_SIZE' : 'TINY';
        if (node.tagName === 'IMG' && blank(node)) return blank(node);
        scrolledTo(node, text);
        const [place, boxes] = placed(node, text);
        const why = place || looked(node, text, boxes, background);
        return why && why !== 'SAME' && openable(chain(node)) ? '' : why;
    };
    // What a style draws in the place of words: a picture behind them, a letter of a font of icons.
    const drawn = node => node.nodeType === Node.TEXT_NODE ? [] : [node, ...[...node.querySelectorAll('*')].slice(0, 100)].filter(on =>
        /url\(/.test(getComputedStyle(on).backgroundImage) || ['::before', '::after'].some(name => {
            const {content, backgroundImage} = getComputedStyle(on, name);
            return /^"[^"]/.test(content) || content !== 'none' && content !== 'normal' && /url\(/.test(backgroundImage + content);
        })).map(on => [on, null, true]);
    const parts = (node, background) => {
        if (node.nodeType === Node.TEXT_NODE) return [[node.parentElement, node]];
        if (background || node.matches(`${pictured}, svg, input, select, textarea, hr`)) return [[node, null]];
        const found = [], walker = document.createTreeWalker(node, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
        while (walker.nextNode() && found.length < 200) {
            const at = walker.currentNode, around = at.parentElement;
            if (at.nodeType === Node.TEXT_NODE ? at.data.trim() && !around.closest('script, style, noscript, template, svg') : at.matches(`${pictured}, svg, input:not([type=hidden]), select, textarea`)) {
                found.push(at.nodeType === Node.TEXT_NODE ? [around, at] : [at, null]);
            }
        }
        return found.length ? found : [[node, null]];
    };"""

# The words below a node, each cell, line and block on a line of its own: what stands apart must not become one figure.
# `out` tells which elements are left out, `away` which texts. In the source of a page a break is a space, as browsers show it.
SAID_JS = r"""const apart = /^(ADDRESS|ARTICLE|ASIDE|BLOCKQUOTE|BR|BUTTON|D[DLT]|DETAILS|DIV|FIGCAPTION|FIGURE|FOOTER|H[1-6]|HEADER|HR|LI|OL|P|PRE|SECTION|SUMMARY|T[DHR]|TABLE|UL)$/;
    const said = (node, out = () => false, away = () => false) => {
        if (node.nodeType === Node.TEXT_NODE && away(node)) return '';
        if (node.nodeType === Node.TEXT_NODE) return node.parentElement?.closest('pre') ? node.data : node.data.replace(/\s+/g, ' ');
        if (node.nodeType !== Node.ELEMENT_NODE || out(node)) return '';
        const inner = [...node.childNodes].map(child => said(child, out, away)).join('');
        return apart.test(node.tagName) ? `\n${inner}\n` : inner;
    };
    const tidy = text => text.replace(/[^\S\n]+/g, ' ').replace(/\s*\n\s*/g, '\n');"""

# `surelyUnseen(node)`: whether that is beyond doubt. `unseen(node)`: why a visitor can't see it (an element or a text), in French, '' when he can see it or a part of it; it scrolls the page as a
# visitor does, and scrolls back. `await settled(nodes)` first: where one of them isn't seen at once, it goes down the
# page, so that pictures load and what comes in by an animation has come in.
UNSEEN_JS = (
    r"""const {unseen, surelyUnseen, settled} = (() => {
    const reasons = __REASONS__;
    __STYLES__ __PLACES__ __PAINT__ __POINTS__
    let known = new Map(), going = false;
    // Every box answers to its points for as long as a script runs.
    const looking = () => {
        if (going) return;
        const sheets = [...document.adoptedStyleSheets], place = {left: scrollX, top: scrollY, behavior: 'instant'};
        going = true;
        document.adoptedStyleSheets = [...sheets, everywhere];
        queueMicrotask(() => {
            document.adoptedStyleSheets = sheets;
            moved.forEach(([left, top], frame) => frame.scrollTo({left, top, behavior: 'instant'}));
            moved.clear();
            scrollTo(place);
            going = false;
        });
    };
    const asked = (node, background) => {
        if (!node.ownerDocument.defaultView) {
            const all = chain(node.parentElement && node.nodeType === Node.TEXT_NODE ? node.parentElement : node);
            const hidden = all.some(on => /(^|;)\s*(display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(\.0+)?\s*(;|$))/i.test(on.getAttribute('style') || ''));
            return hidden && !openable(all) ? reasons.HIDDEN : '';
        }
        looking();
        let why = '';
        for (const [part, text, behind] of [...parts(node, background), ...(background ? [] : drawn(node))]) {
            const its = one(part, text, background || behind);
            if (!its) return '';
            why = why || its;
        }
        return reasons[why];
    };
    const unseen = (node, background = false) => {
        const key = background ? 1 : 0;
        if (!known.has(node)) known.set(node, []);
        return known.get(node)[key] ??= asked(node, background);
    };
    const pause = ms => new Promise(done => setTimeout(done, ms));
    const settled = async nodes => {
        if (![...nodes].some(node => unseen(node))) return;
        const place = [scrollX, scrollY], images = [...document.images];
        images.forEach(image => { image.loading = 'eager'; });
        for (let top = 0, steps = 0; top < document.documentElement.scrollHeight && steps < 40; top += innerHeight, steps += 1) {
            scrollTo({top, behavior: 'instant'});
            await Promise.race([new Promise(requestAnimationFrame), pause(100)]);
        }
        const loading = images.filter(image => !image.complete).map(image => new Promise(done => {
            image.addEventListener('load', done);
            image.addEventListener('error', done);
        }));
        await Promise.race([Promise.all(loading), pause(5000)]);
        for (const moving of document.getAnimations()) { try { moving.finish(); } catch { moving.pause(); } }
        scrollTo({left: place[0], top: place[1], behavior: 'instant'});
        known = new Map();
    };
    const surelyUnseen = node => __PLAIN__.includes(unseen(node));
    return {unseen, surelyUnseen, settled};
})();""".replace("__REASONS__", str(REASONS))
    .replace("__PLAIN__", str(sorted(PLAIN)))
    .replace("__STYLES__", _STYLES)
    .replace("__PLACES__", _PLACES)
    .replace("__PAINT__", PAINT_JS)
    .replace("__POINTS__", _POINTS)
)
