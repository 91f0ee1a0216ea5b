<?php
// Reads back what a station really runs; writes {name: version} as JSON.
require_once '/var/www/html/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/plugin.php';

$theme = wp_get_theme();
$versions = [
    'wordpress' => get_bloginfo('version'),
    'locale' => get_locale(),
    'theme ' . $theme->get_stylesheet() => $theme->get('Version'),
];
foreach (get_plugins() as $file => $plugin) {
    $versions['plugin ' . (dirname($file) === '.' ? basename($file, '.php') : dirname($file))] = $plugin['Version'] . (is_plugin_active($file) ? ' (activée)' : ' (non activée)');
}
$versions['php'] = PHP_VERSION;
$versions['mariadb'] = $wpdb->db_server_info();
echo json_encode($versions, JSON_UNESCAPED_UNICODE);
