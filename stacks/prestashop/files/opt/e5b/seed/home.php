<?php
// The home page and what stands around every page: slides, text, reassurance, menu, links.
require_once _PS_MODULE_DIR_ . 'ps_imageslider/Ps_HomeSlide.php';
$slides = array_column($db->executeS('SELECT id_homeslider_slides FROM ' . _DB_PREFIX_ . 'homeslider_slides ORDER BY position'), 'id_homeslider_slides');
foreach ($seed['slides'] as $number => $row) {
    $slide = new Ps_HomeSlide($slides[$number] ?? null);
    $name = 'slide-' . ($number + 1) . '.jpg';
    // As wide as the page: the middle of the picture is kept.
    $whole = imagecreatefromstring(file_get_contents(picture($row['picture'])));
    [$width, $height] = [imagesx($whole), imagesy($whole)];
    $kept = min($height, (int) ($width * 340 / 1110));
    $slide_picture = imagecreatetruecolor(1110, 340);
    imagecopyresampled($slide_picture, $whole, 0, 0, 0, (int) (($height - $kept) / 2), 1110, 340, $width, $kept);
    imagejpeg($slide_picture, _PS_MODULE_DIR_ . "ps_imageslider/images/$name", 90) ?: fail("slide {$row['picture']}");
    [$slide->title, $slide->legend, $slide->description] = [said($row['title']), said($row['title']), said("<p>{$row['text']}</p>")];
    $slide->image = said($name);
    $slide->url = said((new Link())->getCategoryLink(known('category', $row['category'], 'a slide'), null, $lang));
    $slide->active = true;
    $slide->position = $number;
    $slide->save() ?: fail("slide {$row['title']}");
}
require_once _PS_MODULE_DIR_ . 'ps_customtext/classes/CustomText.php';
$text = new CustomText(1);
$text->text = said(trim($seed['text_block']));
$text->update();
foreach ($seed['reassurance'] as $number => $row) {
    $db->update('psreassurance_lang', ['title' => pSQL($row['title']), 'description' => pSQL($row['text'])], 'id_psreassurance = ' . ($number + 1));
}
// The installer at the command line makes "//" of the address's path.
$db->execute('UPDATE ' . _DB_PREFIX_ . "psreassurance SET icon = CONCAT('/', TRIM(LEADING '/' FROM icon))");
Configuration::updateValue('MOD_BLOCKTOPMENU_ITEMS', implode(',', array_map(function ($slug) { return 'CAT' . known('category', $slug, 'the menu'); }, $seed['menu'])));
Module::getInstanceByName('ps_banner')->disable();

// The blocks of links at the foot of every page: those that the shop brings, then the company's own.
foreach ($seed['links'] as $number => $row) {
    $block = new PrestaShop\Module\LinkList\Model\LinkBlock($number + 1);
    $block->name = said($row['name']);
    $block->id_hook = (int) Hook::getIdByName('displayFooter');
    $block->position = $number;
    $block->content = [
        'cms' => array_map(function ($slug) { return (string) known('cms', $slug, 'a link'); }, $row['cms'] ?? []) ?: [false],
        'product' => $row['product'] ?? [false], 'static' => $row['static'] ?? [false],
        'category' => array_map(function ($slug) { return (string) known('category', $slug, 'a link'); }, $row['categories'] ?? []) ?: [false],
    ];
    $block->custom_content = said(json_encode($row['custom'] ?? []));
    $block->save() ?: fail("links {$row['name']}");
}
