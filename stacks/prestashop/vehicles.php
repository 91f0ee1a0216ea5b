<?php
// Every means by which PrestaShop itself fetches or sends, tried as a candidate's code may. Argument: the
// address of the proof's Internet. Answers JSON.
$_SERVER['HTTP_HOST'] = 'localhost';
$_SERVER['REQUEST_URI'] = '/';
require '/var/www/html/config/config.inc.php';
$world = $argv[1];
$heard = false;
ini_set('default_socket_timeout', '2');
$mark = 'E5B-DEHORS';
$copied = function ($path) use ($world, $mark) {
    $to = tempnam('/tmp', 'e5b');
    @Tools::copy("http://$world/$path", $to);
    $got = @file_get_contents($to);
    unlink($to);
    return strpos((string) $got, $mark) !== false;
};
// PrestaShop 9 has Symfony's means in place of Guzzle and Swift Mailer.
$fetched = class_exists('GuzzleHttp\Client')
    ? fn() => (string) (new GuzzleHttp\Client(['timeout' => 2]))->get("http://$world/")->getBody()
    : fn() => Symfony\Component\HttpClient\HttpClient::create(['timeout' => 2])->request('GET', "http://$world/")->getContent();
$greeted = class_exists('Swift_SmtpTransport')
    ? fn() => (new Swift_SmtpTransport($world, 25))->setTimeout(2)->start()
    : fn() => (new Symfony\Component\Mailer\Transport\Smtp\SmtpTransport(
        (new Symfony\Component\Mailer\Transport\Smtp\Stream\SocketStream())->setHost($world)->setPort(25)->setTimeout(2)->disableTls()
    ))->start();
$tries = [
    'lecture' => ['PrestaShop : lecture d’une adresse', fn() => strpos((string) Tools::file_get_contents("http://$world/", false, null, 2), $mark) !== false],
    'fil' => ['PrestaShop : fil d’actualités', fn() => strpos((string) Tools::file_get_contents("http://$world/fil.rss", false, null, 2), $mark) !== false],
    'image' => ['PrestaShop : image d’un produit importé', fn() => $copied('photo.jpg')],
    'module' => ['PrestaShop : module par adresse', fn() => $copied('module.zip')],
    'import' => ['PrestaShop : import d’un fichier CSV', fn() => $copied('produits.csv')],
    'guzzle' => ['PrestaShop : requête d’un module', fn() => strpos($fetched(), $mark) !== false],
    'smtp' => ['PrestaShop : réglages SMTP', function () use ($greeted, $mark) {
        try {
            $greeted();
            return true;
        } catch (Throwable $error) {
            return strpos($error->getMessage(), $mark) !== false; // it spoke, however badly
        }
    }],
    'prise' => ['PHP : prise ouverte par le code de la boutique', fn() => (bool) @fsockopen($world, 80, $code, $said, 2)],
    'commande' => ['PHP : commande du système de la boutique', function () use ($world) {
        exec('curl -fsS -m 2 -o /dev/null ' . escapeshellarg("http://$world/") . ' 2>&1', $said, $code);
        return $code === 0;
    }],
];
$answer = [];
ob_start();
foreach ($tries as $name => list($title, $try)) {
    try {
        $heard = $try();
    } catch (Throwable $error) {
        $heard = false;
    }
    $answer[$name] = [$title, $heard];
}
ob_end_clean();
echo json_encode($answer, JSON_UNESCAPED_UNICODE);
