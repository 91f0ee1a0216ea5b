<?php
/**
 * Plugin Name: Poste d’examen
 * Description: Ce site ne voit pas Internet : rien n’est proposé au candidat qui devrait y aller.
 */

require_once '/opt/e5b/tell.php';

// Requests of the site: to itself they go straight to this machine, to the room's pages to its gateway;
// all others end at once, and the gateway is told of them.
function e5b_is_own($url) {
    $own = wp_parse_url(WP_HOME);
    $asked = wp_parse_url($url);
    return ($asked['host'] ?? '') === $own['host'] && ($asked['port'] ?? 80) === ($own['port'] ?? 80);
}
function e5b_is_rooms($url) {
    $asked = wp_parse_url($url);
    $host = ($asked['host'] ?? '') . (isset($asked['port']) && $asked['port'] !== 80 ? ":{$asked['port']}" : '');
    return E5B_PAGES['at'] && ($asked['scheme'] ?? '') === 'http' && in_array($host, E5B_PAGES['hosts'], true);
}
function e5b_is_near($url) {
    return e5b_is_own($url) || e5b_is_rooms($url);
}
add_filter('pre_http_request', function ($answer, $arguments, $url) {
    if (e5b_is_near($url)) {
        return $answer;
    }
    if (str_contains($url, '/wp-json/powerful-docs/')) { // Astra asks for its documentation until it has an answer, without end
        return ['headers' => [], 'body' => '[]', 'response' => ['code' => 200, 'message' => 'OK'], 'cookies' => [], 'filename' => null];
    }
    e5b_tell_of($url, E5B_PAGES['at']);
    return new WP_Error('http_request_failed', 'Ce poste d’examen n’a pas accès à Internet.');
}, 10, 3);
add_action('http_api_curl', function ($handle, $arguments, $url) {
    curl_setopt($handle, CURLOPT_CONNECT_TO, [e5b_is_own($url) ? '::127.0.0.1:80' : '::' . E5B_PAGES['at'] . ':80']);
}, 10, 3);
// This machine itself answers without TLS; so does it where it sends on from one of its addresses to another.
add_action('requests-requests.before_request', function (&$url) {
    if (e5b_is_own($url)) {
        $url = set_url_scheme($url, 'http');
    }
}, 10, 5);
add_filter('http_request_host_is_external', fn($external, $host, $url) => $external || e5b_is_near($url), 10, 3);
add_filter('http_allowed_safe_ports', fn($ports, $host, $url) => e5b_is_near($url) ? [...$ports, wp_parse_url($url)['port'] ?? 80] : $ports, 10, 3);

// WordPress writes from its host's name, and refuses to where that is « localhost »: mail of the site stays here anyway.
add_filter('wp_mail_from', fn($from) => is_email($from) ? $from : 'wordpress@site.example');

// No updates are looked for or offered.
foreach (['update_core', 'update_plugins', 'update_themes'] as $e5b_what) {
    add_filter("pre_site_transient_$e5b_what", fn() => (object) [
        'last_checked' => time(), 'updates' => [], 'response' => [], 'no_update' => [], 'translations' => [],
        'version_checked' => get_bloginfo('version'), 'checked' => [],
    ]);
}
remove_action('init', 'wp_schedule_update_checks');
add_action('admin_init', function () {
    remove_action('admin_print_scripts', 'print_emoji_detection_script');
    remove_action('admin_init', '_maybe_update_core');
    remove_action('admin_init', '_maybe_update_plugins');
    remove_action('admin_init', '_maybe_update_themes');
    remove_action('admin_notices', 'update_nag', 3);
    remove_action('admin_notices', 'maintenance_nag', 10);
}, 1);

// What a browser has kept of another candidate's site at this address goes before WordPress's own scripts read it: they
// offer an unsaved text to whoever opens the editor next. A candidate's own stays: keys are drawn anew at a hand-over
// alone, and a site that is taken back or put elsewhere has those it had.
function e5b_forget_others() {
    $mark = wp_json_encode(wp_hash('poste'));
    // A browser may refuse to keep anything: it then has nothing to forget.
    echo "<script>for (const kind of ['sessionStorage', 'localStorage']) try { const kept = window[kind];"
        . " if (kept.getItem('poste') !== $mark) { kept.clear(); kept.setItem('poste', $mark); } } catch (refused) {}</script>\n";
}
add_action('login_head', 'e5b_forget_others', PHP_INT_MIN);
add_action('admin_print_styles', 'e5b_forget_others', PHP_INT_MIN); // by admin_head, WordPress's scripts have run

// Pictures that would come from elsewhere.
function e5b_avatar($data) {
    $data['url'] = content_url('mu-plugins/avatar.svg');
    $data['found_avatar'] = true;
    return $data;
}
add_filter('pre_get_avatar_data', 'e5b_avatar');
add_filter('avatar_defaults', fn() => ['mystery' => 'Portrait neutre']);
add_filter('emoji_svg_url', '__return_false');
add_filter('emoji_url', fn() => includes_url('images/'));
remove_action('wp_head', 'print_emoji_detection_script', 7);
remove_action('embed_head', 'print_emoji_detection_script');
remove_filter('the_content', 'wp_staticize_emoji');
remove_action('wp_head', 'wp_resource_hints', 2);

// Fonts and scripts that would come from elsewhere: the browser's own stand in.
function e5b_own_or_none($src) {
    return $src && preg_match('#^(https?:)?//#', $src) && !e5b_is_own(set_url_scheme($src, 'http')) ? false : $src;
}
add_filter('style_loader_src', 'e5b_own_or_none', 99);
add_filter('script_loader_src', 'e5b_own_or_none', 99);

// The page about WordPress is made of pictures from elsewhere.
add_action('admin_bar_menu', fn($bar) => $bar->remove_node('wp-logo'), 99);
add_action('load-about.php', function () {
    wp_safe_redirect(admin_url());
    exit;
});

// Astra's page welcomes with a film from elsewhere: its frame stays away.
add_action('admin_init', function () {
    if (($GLOBALS['pagenow'] ?? '') === 'admin.php' && ($_GET['page'] ?? '') === 'astra') {
        header("Content-Security-Policy: frame-src 'self'");
        add_action('admin_head', fn() => print '<style>#wpbody iframe{display:none!important}</style>');
    }
});

// Directories, catalogues and news of wordpress.org.
add_filter('should_load_remote_block_patterns', '__return_false');
remove_action('enqueue_block_editor_assets', 'wp_enqueue_editor_block_directory_assets');
add_filter('block_editor_settings_all', function ($settings) {
    $settings['enableOpenverseMediaCategory'] = false;
    return $settings;
});
add_action('wp_dashboard_setup', function () {
    remove_meta_box('dashboard_primary', 'dashboard', 'side');
    remove_meta_box('dashboard_site_health', 'dashboard', 'normal');
    remove_meta_box('dashboard_php_nag', 'dashboard', 'normal');
    // Yoast's has the browser fetch yoast.com's news.
    remove_meta_box('wpseo-dashboard-overview', 'dashboard', 'normal');
    remove_action('welcome_panel', 'wp_welcome_panel');
}, 20);
add_filter('wp_check_php_version', '__return_false');
remove_action('wp_version_check', 'wp_version_check');

// No guided tours, for the candidate and for whoever he makes.
add_filter('get_user_metadata', function ($value, $user, $key, $single) {
    static $inside = false;
    if ($inside || !str_ends_with($key, 'persisted_preferences')) {
        return $value;
    }
    $inside = true;
    $kept = get_user_meta($user, $key, true) ?: [];
    $inside = false;
    foreach (['core/edit-post', 'core/edit-widgets', 'core/customize-widgets', 'core/edit-site'] as $screen) {
        $kept[$screen] = ($kept[$screen] ?? []) + ['welcomeGuide' => false, 'welcomeGuideTemplate' => false, 'welcomeGuideStyles' => false];
    }
    $kept += ['_modified' => gmdate('c')];
    return $single ? [$kept] : [$kept];
}, 10, 4);

// Advertisements of theme and plugins.
add_filter('astra_notices_screens', '__return_empty_array');
add_action('admin_head', function () {
    echo '<style>.astra-notice,.ast-notice,[id^="astra-sites-on-active"],.astra-review-notice{display:none!important}</style>';
});
