<?php
// Seeds the company into the shop through its own classes. Runs as www-data while the golden image is
// made. Reads {company, seed} in JSON on standard input; the tables are described in scenarios/README.md, and
// agenda.py has given their moments to those that have one.
// Pictures lie in /opt/e5b/workshop/media. Each noun has its file in seed/; they share what stands here.
['company' => $company, 'seed' => $seed] = json_decode(stream_get_contents(STDIN), true, 512, JSON_THROW_ON_ERROR);
require_once '/opt/e5b/shop.php';
$kernel = e5b_kernel();
$context = Context::getContext();
$context->container = PrestaShop\PrestaShop\Adapter\ContainerBuilder::getContainer('front', false);
$context->employee = new Employee(1);
$context->controller = new AdminController();
$context->currency = new Currency((int) Configuration::get('PS_CURRENCY_DEFAULT'));
$context->country = new Country((int) Configuration::get('PS_COUNTRY_DEFAULT'));
Shop::setContext(Shop::CONTEXT_SHOP, 1);
$db = Db::getInstance();
$lang = (int) Configuration::get('PS_LANG_DEFAULT');
$media = '/opt/e5b/workshop/media/';
$ids = [];

function fail($what) {
    fwrite(STDERR, "$what\n");
    exit(1);
}
function made($object, $what) {
    if (!$object->add()) {
        fail("$what: refused");
    }
    return (int) $object->id;
}
function known($table, $slug, $what) {
    global $ids;
    if (!isset($ids[$table][$slug])) {
        fail("$what names an unknown $table \"$slug\"");
    }
    return $ids[$table][$slug];
}
// In the one language of the shop.
function said($text) {
    global $lang;
    return [$lang => $text];
}
// A day counted back from this one; what is past or of today is not later than now.
function dated($days, $time = '09:00:00') {
    $then = (new DateTimeImmutable((-$days) . ' days'))->format('Y-m-d') . " $time";
    return $days < 0 ? $then : min($then, date('Y-m-d H:i:s'));
}
// Whoever does it: orders and stocks keep the name.
function by($email) {
    return new Employee(known('employee', $email, 'what an employee does'));
}
function tax_rules($rate) {
    $found = Db::getInstance()->getValue('SELECT r.id_tax_rules_group FROM ' . _DB_PREFIX_ . 'tax_rule r JOIN ' . _DB_PREFIX_ . 'tax t ON t.id_tax = r.id_tax WHERE r.id_country = ' . (int) Configuration::get('PS_COUNTRY_DEFAULT') . ' AND t.rate = ' . (float) $rate . ' ORDER BY r.id_tax_rules_group');
    return (int) ($found ?: fail("no tax of $rate %"));
}
// What is numbered as it comes.
function oldest_first($rows) {
    usort($rows, function ($a, $b) { return ((array) $a['at'])[0] <=> ((array) $b['at'])[0]; });
    return $rows;
}
// The shop takes no WebP.
function picture($file) {
    global $media;
    if (substr($file, -5) !== '.webp') {
        return $media . $file;
    }
    $copy = tempnam('/tmp', 'e5b') . '.jpg';
    imagejpeg(imagecreatefromwebp($media . $file), $copy, 92);
    return $copy;
}
// A picture where the shop keeps that of a thing, and in each of the sizes that it has for such things.
function pictured($file, $place, $of) {
    $from = picture($file);
    ImageManager::resize($from, "$place.jpg") ?: fail("picture $file");
    foreach (ImageType::getImagesTypes($of) as $type) {
        ImageManager::resize($from, "$place-" . stripslashes($type['name']) . '.jpg', $type['width'], $type['height']) ?: fail("picture $file");
    }
}

// Nothing is sent while the shop is filled.
$mail = Configuration::get('PS_MAIL_METHOD');
Configuration::updateValue('PS_MAIL_METHOD', 3);
foreach (['shop', 'team', 'catalogue', 'carriers', 'products', 'customers', 'threads', 'orders', 'promotions', 'messages', 'comments', 'home'] as $noun) {
    require "/opt/e5b/seed/$noun.php";
}
Search::indexation(true);
Configuration::updateValue('PS_MAIL_METHOD', $mail);
Tools::clearSmartyCache();
