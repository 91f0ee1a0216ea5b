<?php
// Reads back what a station really runs; writes {name: version} as JSON.
require_once '/opt/e5b/shop.php';

$theme = Context::getContext()->shop->theme;
$versions = [
    'prestashop' => _PS_VERSION_,
    'locale' => (new Language((int) Configuration::get('PS_LANG_DEFAULT')))->locale,
    'theme ' . $theme->getName() => $theme->get('version'),
];
foreach (Db::getInstance()->executeS('SELECT name, version, active FROM ' . _DB_PREFIX_ . 'module ORDER BY name') as $row) {
    $module = Module::getInstanceByName($row['name']);
    $versions['module ' . $row['name']] = ($module ? $module->version : 'absent') . ($row['active'] ? ' (activé)' : ' (désactivé)');
}
$versions['php'] = PHP_VERSION;
$versions['mariadb'] = Db::getInstance()->getVersion();
echo json_encode($versions, JSON_UNESCAPED_UNICODE);
