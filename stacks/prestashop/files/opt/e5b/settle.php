<?php
// Once installed and seeded: what a candidate should never meet, and what has to be the same at every
// address. Runs once, as www-data, while the golden image is made.
require_once '/opt/e5b/shop.php';

// Catalogues of modules and themes to buy, and updates to fetch, all of which are elsewhere.
// PrestaShop 9 leaves the catalogues to a module of its maker's.
$catalogues = version_compare(_PS_VERSION_, '9', '<') ? ['AdminParentModulesCatalog', 'AdminModulesCatalog', 'AdminAddonsCatalog', 'AdminThemesCatalog'] : [];
foreach (array_merge($catalogues, ['AdminModulesUpdates']) as $name) {
    $tab = Tab::getInstanceFromClassName($name);
    $tab->active = false;
    if (!$tab->id || !$tab->update()) {
        fwrite(STDERR, "the menu has no $name\n");
        exit(1);
    }
}
// Addresses are rewritten for whatever host asks.
$rules = file_get_contents(_PS_ROOT_DIR_ . '/.htaccess');
file_put_contents(_PS_ROOT_DIR_ . '/.htaccess', preg_replace('/^(RewriteCond %\{HTTP_HOST\} .*\n|#Domain: .*\n)/m', '', $rules));
file_put_contents(_PS_ROOT_DIR_ . '/robots.txt', preg_replace('/^# Directories for .*$/m', '# Directories', file_get_contents(_PS_ROOT_DIR_ . '/robots.txt')));
// Mails show pictures of the shop, wherever it is.
foreach (array_merge(glob(_PS_ROOT_DIR_ . '/mails/*/*.html'), glob(_PS_MODULE_DIR_ . '*/mails/*/*.html')) as $file) {
    $mail = file_get_contents($file);
    $moved = preg_replace('#http://e5b\.invalid/+#', '{shop_url}', $mail);
    if ($moved !== $mail) {
        file_put_contents($file, $moved);
    }
}
// Files as large as PHP takes them; the release says megabytes in the first three, bytes in the last.
foreach (['PS_ATTACHMENT_MAXIMUM_SIZE', 'PS_LIMIT_UPLOAD_IMAGE_VALUE', 'PS_LIMIT_UPLOAD_FILE_VALUE'] as $limit) {
    Configuration::updateValue($limit, 64);
}
Configuration::updateValue('PS_PRODUCT_PICTURE_MAX_SIZE', 64 << 20);
