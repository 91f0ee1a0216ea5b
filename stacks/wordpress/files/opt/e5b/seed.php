<?php
// Seeds the company into WordPress through its own classes. Runs as www-data while the golden image is
// made. Reads one JSON document on standard input; its tables are described in scenarios/README.md.
// Files of the media library lie in /opt/e5b/workshop/media.
$seed = json_decode(stream_get_contents(STDIN), true, flags: JSON_THROW_ON_ERROR);
require_once '/var/www/html/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/image.php';
require_once ABSPATH . 'wp-admin/includes/file.php';
require_once ABSPATH . 'wp-admin/includes/media.php';
require_once ABSPATH . 'wp-admin/includes/nav-menu.php';

add_filter('wp_mail', fn() => ['to' => '', 'subject' => '', 'message' => '', 'headers' => '', 'attachments' => []]);
add_filter('pre_wp_mail', '__return_true');
kses_remove_filters();

function made($result, $what) {
    if (is_wp_error($result) || !$result) {
        fwrite(STDERR, "$what: " . (is_wp_error($result) ? $result->get_error_message() : 'refused') . "\n");
        exit(1);
    }
    return $result;
}
function known($table, $key, $what) {
    global $ids;
    return $ids[$table][$key] ?? made(null, "$what names an unknown $table \"$key\"");
}
// A day is counted back from the day on which the image is made.
function dated($days, $time) {
    return (new DateTimeImmutable("-$days days", wp_timezone()))->format('Y-m-d') . " $time:00";
}
// Everybody's own, of the networks that are kept for documents.
function address_of($email) {
    $drawn = hexdec(substr(hash('sha256', "address $email"), 0, 6));
    return ['192.0.2', '198.51.100', '203.0.113'][$drawn % 3] . '.' . (intdiv($drawn, 3) % 254 + 1);
}
$ids = ['user' => [], 'media' => [], 'category' => [], 'tag' => [], 'page' => [], 'post' => [], 'comment' => [], 'menu' => []];

// {{media:slug}} is a file's address, {{id:slug}} its number, {{page:slug}} and {{post:slug}} addresses;
// {{date:friday +21 days}} is a day to come, counted from the day on which the image is made.
function filled($text) {
    global $ids;
    $text = preg_replace_callback('/\{\{date:([a-z0-9 +-]+)\}\}/', function ($m) {
        $day = mb_strtolower(wp_date('l j F', (new DateTimeImmutable($m[1], wp_timezone()))->getTimestamp()));
        return str_replace(' ', '&nbsp;', preg_replace('/ 1 /', ' 1er ', $day));
    }, $text);
    return preg_replace_callback('/\{\{(media|id|page|post|category):([a-z0-9-]+)\}\}/', function ($m) use ($ids) {
        $id = known($m[1] === 'id' ? 'media' : $m[1], $m[2], 'a text');
        return match ($m[1]) {
            'media' => wp_get_attachment_url($id),
            'id' => $id,
            'category' => get_category_link($id),
            default => get_permalink($id),
        };
    }, $text);
}

foreach ($seed['options'] ?? [] as $name => $value) {
    update_option($name, $value);
}
foreach ($seed['users'] ?? [] as $user) {
    $existing = get_user_by('login', $user['login']);
    $fields = [
        'user_login' => $user['login'], 'user_email' => $user['email'], 'role' => $user['role'],
        'first_name' => $user['first_name'], 'last_name' => $user['last_name'],
        'display_name' => $user['display_name'] ?? "{$user['first_name']} {$user['last_name']}",
        'description' => $user['about'] ?? '',
    ];
    if ($existing) {
        $id = wp_update_user(['ID' => $existing->ID] + $fields);
    } else {
        $id = wp_insert_user($fields + ['user_pass' => bin2hex(random_bytes(16))]);
    }
    $ids['user'][$user['login']] = made($id, "user {$user['login']}");
}
// A second apart, to this one: the library goes by dates, and of those that are alike its pages leave some out.
$unscaled = fn() => [];
add_filter('intermediate_image_sizes_advanced', $unscaled);
$first = current_datetime()->modify('-' . count($seed['media'] ?? []) . ' seconds');
foreach ($seed['media'] ?? [] as $number => $media) {
    $copy = wp_tempnam($media['file']);
    copy("/opt/e5b/workshop/media/{$media['file']}", $copy);
    $id = media_handle_sideload(['name' => basename($media['file']), 'tmp_name' => $copy], 0, null, [
        'post_title' => $media['title'], 'post_excerpt' => $media['caption'] ?? '',
        'post_content' => $media['description'] ?? '', 'post_name' => $media['slug'],
        'post_author' => $ids['user'][$media['author'] ?? ''] ?? 1,
        'post_date' => $first->modify("+$number seconds")->format('Y-m-d H:i:s'),
    ]);
    $ids['media'][$media['slug']] = made($id, "media {$media['file']}");
    update_post_meta($id, '_wp_attachment_image_alt', $media['alt'] ?? '');
}
remove_filter('intermediate_image_sizes_advanced', $unscaled);
// The smaller sizes of each picture, which is most of the work, on all processors; the database lets in 24.
// A child says that it came to its end: WordPress, when it gives up, ends with 0.
$scale = 'require "/var/www/html/wp-load.php"; require ABSPATH . "wp-admin/includes/image.php";'
    . 'foreach (array_slice($argv, 1) as $id) { is_wp_error(wp_update_image_subsizes((int) $id)) && exit(1); } exit(7);';
$hands = max(1, min(8, (int) shell_exec('nproc')));
$scaling = [];
foreach (array_chunk($ids['media'], max(1, (int) ceil(count($ids['media']) / $hands))) as $some) {
    $scaling[] = proc_open(['php', '-r', $scale, '--', ...$some], [], $pipes);
}
foreach ($scaling as $child) {
    proc_close($child) === 7 || made(null, 'smaller pictures');
}
wp_cache_flush();
foreach (['category' => 'categories', 'tag' => 'tags'] as $kind => $table) {
    foreach ($seed[$table] ?? [] as $term) {
        $parent = isset($term['parent']) ? known($kind, $term['parent'], $term['name']) : 0;
        $result = made(wp_insert_term($term['name'], $kind === 'tag' ? 'post_tag' : 'category', [
            'slug' => $term['slug'], 'description' => $term['description'] ?? '', 'parent' => $parent,
        ]), "$kind {$term['name']}");
        $ids[$kind][$term['slug']] = $result['term_id'];
    }
}
// The category that WordPress brings becomes the company's first one.
if (isset($seed['default_category'])) {
    update_option('default_category', known('category', $seed['default_category'], 'default_category'));
    wp_delete_term(1, 'category');
}
// Two rounds: a text may link to a page that comes later.
foreach (['page' => 'pages', 'post' => 'posts'] as $kind => $table) {
    foreach ($seed[$table] ?? [] as $row) {
        $date = dated($row['days_ago'] ?? 200, $row['time'] ?? '09:00');
        $id = made(wp_insert_post([
            'post_type' => $kind, 'post_title' => $row['title'], 'post_name' => $row['slug'],
            'post_status' => $row['status'] ?? 'publish', 'post_content' => '', 'post_excerpt' => $row['excerpt'] ?? '',
            'post_author' => known('user', $row['author'] ?? 'candidat', $row['title']),
            'post_parent' => isset($row['parent']) ? known('page', $row['parent'], $row['title']) : 0,
            'menu_order' => $row['order'] ?? 0, 'post_date' => $date,
            'comment_status' => $row['comments'] ?? ($kind === 'post' ? 'open' : 'closed'), 'ping_status' => 'closed',
        ], true), "$kind {$row['title']}");
        $ids[$kind][$row['slug']] = $id;
        if ($kind === 'post') {
            wp_set_post_terms($id, array_map(fn($s) => known('category', $s, $row['title']), $row['categories'] ?? []), 'category');
            wp_set_post_terms($id, array_map(fn($s) => known('tag', $s, $row['title']), $row['tags'] ?? []), 'post_tag');
        }
        if (isset($row['thumbnail'])) {
            set_post_thumbnail($id, known('media', $row['thumbnail'], $row['title']));
        }
        foreach ($row['meta'] ?? [] as $key => $value) {
            update_post_meta($id, $key, $value);
        }
    }
}
foreach (['page' => 'pages', 'post' => 'posts'] as $kind => $table) {
    foreach ($seed[$table] ?? [] as $row) {
        $id = $ids[$kind][$row['slug']];
        $post = get_post($id, ARRAY_A);
        // Dates stay as seeded: WordPress would set the moment of this second writing, even as the date of what
        // isn't published yet, which has none in GMT.
        global $wpdb;
        wp_update_post(wp_slash(['ID' => $id, 'post_content' => filled($row['content'] ?? ''), 'edit_date' => true, 'post_date' => $post['post_date']]), false, false);
        $wpdb->update($wpdb->posts, ['post_modified' => $post['post_date'], 'post_modified_gmt' => get_gmt_from_date($post['post_date'])], ['ID' => $id]);
        clean_post_cache($id);
        foreach (wp_get_post_revisions($id) as $revision) {
            wp_delete_post_revision($revision->ID);
        }
    }
}
foreach ($seed['comments'] ?? [] as $comment) {
    $user = isset($comment['user']) ? get_userdata(known('user', $comment['user'], 'a comment')) : null;
    $date = dated($comment['days_ago'], $comment['time'] ?? '10:30');
    $id = made(wp_insert_comment(wp_slash([
        'comment_post_ID' => known('post', $comment['post'], 'a comment'),
        'comment_author' => $user ? $user->display_name : $comment['author'],
        'comment_author_email' => $user ? $user->user_email : $comment['email'],
        'comment_content' => $comment['content'], 'comment_approved' => (string) $comment['status'],
        'comment_parent' => isset($comment['reply_to']) ? known('comment', $comment['reply_to'], 'a comment') : 0,
        'comment_date' => $date, 'comment_date_gmt' => get_gmt_from_date($date), 'user_id' => $user->ID ?? 0,
        'comment_author_IP' => address_of($user ? $user->user_email : $comment['email']), 'comment_agent' => 'Mozilla/5.0',
    ])), "comment of " . ($comment['author'] ?? $comment['user']));
    $ids['comment'][$comment['slug'] ?? "comment-$id"] = $id;
}

function add_items($menu, $items, $parent) {
    foreach ($items as $position => $item) {
        [$kind, $value] = [array_key_first(array_intersect_key($item, ['page' => 1, 'category' => 1, 'post' => 1, 'url' => 1])), null];
        $fields = ['menu-item-status' => 'publish', 'menu-item-parent-id' => $parent, 'menu-item-title' => $item['title'] ?? ''];
        if ($kind === 'url') {
            $fields += ['menu-item-type' => 'custom', 'menu-item-url' => filled($item['url'])];
        } else {
            $fields += [
                'menu-item-type' => $kind === 'category' ? 'taxonomy' : 'post_type', 'menu-item-object' => $kind,
                'menu-item-object-id' => known($kind, $item[$kind], 'a menu'),
            ];
        }
        $id = made(wp_update_nav_menu_item($menu, 0, $fields), 'a menu item');
        add_items($menu, $item['children'] ?? [], $id);
    }
}
$locations = [];
foreach ($seed['menus'] ?? [] as $menu) {
    $id = made(wp_create_nav_menu($menu['name']), "menu {$menu['name']}");
    $ids['menu'][$menu['name']] = $id;
    add_items($id, $menu['items'], 0);
    foreach ($menu['locations'] as $location) {
        if (array_key_exists($location, get_registered_nav_menus())) {
            $locations[$location] = $id;
        }
    }
}
set_theme_mod('nav_menu_locations', $locations);

if (isset($seed['front_page'])) {
    update_option('show_on_front', 'page');
    update_option('page_on_front', known('page', $seed['front_page'], 'front_page'));
    update_option('page_for_posts', known('page', $seed['posts_page'], 'posts_page'));
}
if (isset($seed['logo'])) {
    set_theme_mod('custom_logo', known('media', $seed['logo'], 'logo'));
}
if (isset($seed['icon'])) {
    update_option('site_icon', known('media', $seed['icon'], 'icon'));
}
foreach ($seed['theme_settings'][get_stylesheet()] ?? [] as $name => $values) {
    update_option($name, is_array($values) ? array_merge((array) get_option($name, []), $values) : $values);
}
if (isset($seed['theme_css'][get_stylesheet()])) {
    made(wp_update_custom_css_post($seed['theme_css'][get_stylesheet()]), 'theme_css');
}
// Widgets are blocks; a sidebar that the theme doesn't have is passed over. Which it has may hang on its
// settings: only a program that starts now sees them.
$sidebar_names = 'require "/var/www/html/wp-load.php"; echo json_encode(array_keys($GLOBALS["wp_registered_sidebars"]));';
$places = made(json_decode((string) shell_exec('php -r ' . escapeshellarg($sidebar_names))), 'sidebars');
$blocks = ['_multiwidget' => 1];
$sidebars = ['wp_inactive_widgets' => []];
foreach ($seed['sidebars'] ?? [] as $sidebar => $contents) {
    if (!in_array($sidebar, $places, true)) {
        continue;
    }
    foreach ($contents as $content) {
        $number = count($blocks) + 1;
        // Paths: a station replaces its address in texts, but not where PHP has written their lengths.
        $blocks[$number] = ['content' => str_replace(home_url('/'), '/', filled($content))];
        $sidebars[$sidebar][] = "block-$number";
    }
}
if (count($blocks) > 1) {
    update_option('widget_block', $blocks);
    wp_set_sidebars_widgets($sidebars + array_fill_keys($places, []));
}
// Addresses without index.php: at the command line WordPress takes the web server for one that can't.
require_once ABSPATH . 'wp-admin/includes/misc.php';
add_filter('got_rewrite', '__return_true');
flush_rewrite_rules(true);
// What publishing leaves for the first visit: looking through the texts for pings and sound files.
wp_clear_scheduled_hook('do_pings');
delete_metadata('post', 0, '_pingme', '', true);
delete_metadata('post', 0, '_encloseme', '', true);
wp_clear_scheduled_hook('wp_version_check');
wp_clear_scheduled_hook('wp_update_plugins');
wp_clear_scheduled_hook('wp_update_themes');
foreach (['transient', 'site_transient'] as $kind) {
    $wpdb->query("DELETE FROM $wpdb->options WHERE option_name LIKE '\\_{$kind}\\_%'");
}
