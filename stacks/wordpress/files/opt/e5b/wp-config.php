<?php
// A station's configuration. What makes it a candidate's own (address, salts, whether cron runs) is
// written at its start to /var/lib/e5b/site/site.php; a golden image has none of it.
$e5b = @include '/var/lib/e5b/site/site.php';
if (!is_array($e5b)) {
    $e5b = ['address' => 'http://e5b.invalid', 'cron' => true, 'salts' => []];
}

define('DB_NAME', 'site');
define('DB_USER', 'www-data');
define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:/run/mysqld/mysqld.sock');
define('DB_CHARSET', 'utf8mb4');
define('DB_COLLATE', '');
$table_prefix = 'wp_';

foreach (['AUTH_KEY', 'SECURE_AUTH_KEY', 'LOGGED_IN_KEY', 'NONCE_KEY', 'AUTH_SALT', 'SECURE_AUTH_SALT', 'LOGGED_IN_SALT', 'NONCE_SALT'] as $e5b_name) {
    define($e5b_name, $e5b['salts'][$e5b_name] ?? 'golden');
}
// Where the address is https, all that comes here came so to the room's gateway, which speaks plainly to its stations.
if (strpos($e5b['address'], 'https://') === 0) {
    $_SERVER['HTTPS'] = 'on';
}
define('WP_HOME', $e5b['address']);
define('WP_SITEURL', $e5b['address']);
define('E5B_PAGES', $e5b['pages'] ?? ['hosts' => [], 'at' => '']);
// No visitor waits for WordPress's errands: /opt/e5b/errands runs them, and nobody does in a copy.
define('DISABLE_WP_CRON', true);
if (!$e5b['cron'] && basename($_SERVER['SCRIPT_NAME'] ?? '') === 'wp-cron.php') {
    exit;
}

// The pin holds: nothing updates itself, nothing is installed from elsewhere.
define('AUTOMATIC_UPDATER_DISABLED', true);
define('WP_AUTO_UPDATE_CORE', false);
define('DISALLOW_FILE_MODS', true);
define('CORE_UPGRADE_SKIP_NEW_BUNDLED', true);
define('WP_MEMORY_LIMIT', '128M');
define('FS_METHOD', 'direct');
define('WP_DEBUG', false);

if (!defined('ABSPATH')) {
    define('ABSPATH', __DIR__ . '/');
}
require_once ABSPATH . 'wp-settings.php';
