<?php
/**
 * Plugin Name: Poste d’examen, Spectra
 * Description: Spectra sans ce qui demande Internet : modèles, assistants, nouvelles, mesures. Sans lui, rien ne change.
 */

// Its libraries of patterns and pictures, its assistants, its surveys and its welcome.
add_filter('uagb_enable_redirect_activation', '__return_false');
add_filter('ast_block_templates_disable', '__return_true');
add_filter('zip_ai_enable_chat_sidebar', '__return_false');
add_filter('zip_ai_modules', '__return_empty_array', 99);
add_filter('zipwp_images_excluded_post_types', fn() => ['', ...get_post_types()], 99);
add_filter('spectra_tracking_enabled', '__return_false');
add_filter('spectra_deactivation_survey_data', '__return_empty_array');
foreach (['uag_enable_templates_button' => 'no', 'spectra_analytics_optin' => 'no', 'uagb_beta' => 'no', 'uag_load_gfonts_locally' => 'disabled'] as $e5b_option => $e5b_value) {
    add_filter("pre_option_$e5b_option", fn() => $e5b_value);
}

// Scripts of its blocks stand in the page: files that it would write look like programs that somebody added.
add_filter('uagb_allow_file_generation', fn() => 'disabled');
// It makes all of them anew at each request of a site that is at another address than when they were made.
add_filter('pre_option_uagb_site_url', fn() => strtr(preg_replace('/www\./', '', wp_parse_url(WP_HOME, PHP_URL_HOST)), '.', '-'));

add_action('admin_menu', function () {
    remove_submenu_page('spectra', 'spectra&path=ai-features');
    remove_submenu_page('spectra', 'spectra&path=free-vs-pro');
}, 999);
add_action('admin_footer', function () {
    if (class_exists('UAGB_NPS_Notice')) {
        remove_action('admin_footer', [UAGB_NPS_Notice::get_instance(), 'show_nps_notice'], 999);
    }
}, 1);
// Its own page has the browser ask its maker for news and prices.
add_action('admin_init', function () {
    if (($GLOBALS['pagenow'] ?? '') === 'admin.php' && ($_GET['page'] ?? '') === 'spectra') {
        header("Content-Security-Policy: connect-src 'self'");
    }
});

// Its map has nothing to draw here. A quiet picture lies over the browser's broken page, in the editor too.
add_action('enqueue_block_assets', function () {
    if (!defined('UAGB_VER')) {
        return;
    }
    wp_register_style('e5b-map', false);
    wp_enqueue_style('e5b-map');
    wp_add_inline_style('e5b-map', '.uagb-google-map__wrap { position: relative; }
        .uagb-google-map__wrap::after { content: "Carte : elle se dessine en ligne, l’examen est sans Internet"; position: absolute; inset: 0;
            display: grid; place-content: center; padding: 1em; text-align: center; font-size: 15px; color: #555; pointer-events: none;
            background: #e9ece6 url(' . WPMU_PLUGIN_URL . '/plan.svg) center / cover; }');
});
