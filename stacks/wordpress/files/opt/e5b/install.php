<?php
// Installs WordPress in French, asking nobody. Runs once, as www-data, while the golden image is made.
// Reads on standard input: {title, theme, plugins: [folders of those to activate], candidate: {user, email}, time_zone}.
define('WP_INSTALLING', true);
$plan = json_decode(stream_get_contents(STDIN), true, flags: JSON_THROW_ON_ERROR);
require_once '/var/www/html/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
require_once ABSPATH . 'wp-admin/includes/plugin.php';

load_default_textdomain('fr_FR');
$GLOBALS['wp_locale'] = new WP_Locale();
add_filter('wp_mail', fn() => ['to' => '', 'subject' => '', 'message' => '', 'headers' => '', 'attachments' => []]);
wp_install($plan['title'], $plan['candidate']['user'], $plan['candidate']['email'], false, '', bin2hex(random_bytes(16)), 'fr_FR');
update_option('WPLANG', 'fr_FR');
update_option('timezone_string', $plan['time_zone']);
update_option('date_format', 'j F Y');
update_option('time_format', 'G\hi');
update_option('start_of_week', 1);

foreach (get_posts(['post_type' => ['post', 'page'], 'post_status' => 'any', 'numberposts' => -1]) as $post) {
    wp_delete_post($post->ID, true);
}
$wp_rewrite = new WP_Rewrite();
$wp_rewrite->set_permalink_structure('/%postname%/');
flush_rewrite_rules(true);
save_mod_rewrite_rules();

switch_theme($plan['theme']);
foreach (array_keys(get_plugins()) as $plugin) {
    if (!in_array(dirname($plugin), $plan['plugins'], true)) {
        continue;
    }
    $result = activate_plugin($plugin);
    if (is_wp_error($result)) {
        fwrite(STDERR, "$plugin: " . $result->get_error_message() . "\n");
        exit(1);
    }
}

// Spectra would else set itself up, and write files, at the first page that the candidate opens.
if (defined('UAGB_VER')) {
    update_option('uagb-version', UAGB_VER);
    update_option('__uagb_activated_before', true);
    update_option('__uagb_do_redirect', false);
    update_option('_uagb_allow_file_generation', 'disabled');
}
