<?php
// Every means by which WordPress itself fetches or sends, tried as a candidate's code may: without the
// station's own plugin, which he can delete. Argument: the address of the proof's Internet. Answers JSON.
define('WPMU_PLUGIN_DIR', '/nonexistent');
$_SERVER['HTTP_HOST'] = 'localhost';
require '/var/www/html/wp-load.php';
foreach (['file', 'media', 'image', 'plugin', 'misc', 'class-wp-upgrader'] as $part) {
    require_once ABSPATH . "wp-admin/includes/$part.php";
}
require_once ABSPATH . WPINC . '/PHPMailer/PHPMailer.php';
require_once ABSPATH . WPINC . '/PHPMailer/SMTP.php';
require_once ABSPATH . WPINC . '/PHPMailer/Exception.php';
$world = $argv[1];
$heard = false;
add_filter('http_request_timeout', fn() => 2);
add_filter('http_request_args', fn($args) => ['timeout' => 2] + $args);
add_action('http_api_debug', function ($response) use (&$heard) {
    $heard = $heard || !is_wp_error($response);
});
$tries = [
    'rss' => ['WordPress : bloc Flux RSS', fn() => fetch_feed("http://$world/fil.rss")],
    'oembed' => ['WordPress : contenu embarqué (oEmbed)', fn() => (new WP_oEmbed())->discover("http://$world/film")],
    'pingback' => ['WordPress : rétrolien (pingback)', fn() => discover_pingback_server_uri("http://$world/article")],
    'import' => ['WordPress : import d’un fichier', fn() => download_url("http://$world/export.xml", 2)],
    'image' => ['WordPress : image d’un autre site', fn() => media_sideload_image("http://$world/photo.jpg", 0)],
    'extension' => ['WordPress : extension par adresse', fn() => (new WP_Upgrader(new Automatic_Upgrader_Skin()))->download_package("http://$world/extension.zip")],
    'requete' => ['WordPress : requête d’un programme', fn() => wp_remote_get("http://$world/")],
    'smtp' => ['WordPress : réglages SMTP', function () use ($world, &$heard) {
        $heard = (new PHPMailer\PHPMailer\SMTP())->connect($world, 25, 2);
    }],
    'prise' => ['PHP : prise ouverte par le code', function () use ($world, &$heard) {
        $heard = (bool) @fsockopen($world, 80, $code, $said, 2);
    }],
    'commande' => ['PHP : commande du système', function () use ($world, &$heard) {
        exec('curl -fsS -m 2 -o /dev/null ' . escapeshellarg("http://$world/") . ' 2>&1', $said, $code);
        $heard = $code === 0;
    }],
];
$answer = [];
ob_start();
foreach ($tries as $name => [$title, $try]) {
    $heard = false;
    try {
        $left = $try();
        if (is_string($left) && is_file($left)) {
            unlink($left);
        }
    } catch (Throwable $error) {
    }
    $answer[$name] = [$title, $heard];
}
ob_end_clean();
echo json_encode($answer, JSON_UNESCAPED_UNICODE);
