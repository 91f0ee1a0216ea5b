<?php
// Reads back what a station really runs; writes {name: version} as JSON.
require_once '/var/www/html/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/plugin.php';

$theme = wp_get_theme();
// The option only says which language is wanted: words of the site, the back office and the theme say whether it is there.
load_textdomain('default', WP_LANG_DIR . '/admin-' . get_locale() . '.mo');
$words = [['Dashboard', 'default'], ['Screen Options', 'default']];
if ($theme->get_stylesheet() === 'astra') {
    $words[] = ['Skip to content', 'astra'];
}
$english = array_column(array_filter($words, fn($word) => translate(...$word) === $word[0]), 0);
$versions = [
    'wordpress' => get_bloginfo('version'),
    'locale' => get_locale() . ($english ? ' (reste en anglais : ' . implode(', ', $english) . ')' : ''),
    'theme ' . $theme->get_stylesheet() => $theme->get('Version'),
];
foreach (get_plugins() as $file => $plugin) {
    $versions['plugin ' . (dirname($file) === '.' ? basename($file, '.php') : dirname($file))] = $plugin['Version'] . (is_plugin_active($file) ? ' (activée)' : ' (non activée)');
}
$versions['php'] = PHP_VERSION;
$versions['mariadb'] = $wpdb->db_server_info();
echo json_encode($versions, JSON_UNESCAPED_UNICODE);
