<?php
// Reads back what a station really runs; writes {name: version} as JSON.
require_once '/opt/e5b/shop.php';

$theme = Context::getContext()->shop->theme;
$locale = (new Language((int) Configuration::get('PS_LANG_DEFAULT')))->locale;
// The database only says which language is wanted: a word of the back office, in the catalogue, says whether it is there.
$folder = is_dir(_PS_ROOT_DIR_ . '/app/Resources/translations') ? '/app/Resources/translations' : '/translations';
$catalogue = (string) @file_get_contents(_PS_ROOT_DIR_ . "$folder/$locale/AdminActions.$locale.xlf");
$translated = preg_match('#<source[^>]*>Save</source>\s*<target[^>]*>(?!Save<)[^<]#', $catalogue);
$versions = [
    'prestashop' => _PS_VERSION_,
    'locale' => $locale . ($translated ? '' : ' (reste en anglais : Save)'),
    'theme ' . $theme->getName() => $theme->get('version'),
];
foreach (Db::getInstance()->executeS('SELECT name, version, active FROM ' . _DB_PREFIX_ . 'module ORDER BY name') as $row) {
    $module = Module::getInstanceByName($row['name']);
    $versions['module ' . $row['name']] = ($module ? $module->version : 'absent') . ($row['active'] ? ' (activé)' : ' (désactivé)');
}
$versions['php'] = PHP_VERSION;
$versions['mariadb'] = Db::getInstance()->getVersion();
echo json_encode($versions, JSON_UNESCAPED_UNICODE);
