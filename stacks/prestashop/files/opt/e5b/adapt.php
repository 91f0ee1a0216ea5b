<?php
// Takes out of the release's back office what it would show from the Internet: fonts (served by the
// station instead), news, portraits, the "new version" frame, the market place. Runs once, while the golden
// image is made; a release in which one of these places is not as expected fails the build.
chdir('/var/www/html');
preg_match("#const VERSION = '(.+?)'#", file_get_contents('app/AppKernel.php') . @file_get_contents('src/Core/Version.php'), $release);
function is_before($version) {
    global $release;
    return version_compare($release[1], $version, '<');
}
function change($file, $pattern, $by) {
    $changed = preg_replace($pattern, $by, file_get_contents($file), -1, $count);
    if ($count < 1) {
        fwrite(STDERR, "$file: nothing is like $pattern\n");
        exit(1);
    }
    file_put_contents($file, $changed);
}

$left = function () {
    exec('grep -rlE "fonts\.(googleapis|gstatic)\.com" gestion/themes --include=*.css', $files);
    return $files;
};
foreach ($left() as $file) {
    $style = preg_replace('#@import\s+(url\()?["\']?(https?:)?//fonts\.googleapis\.com/icon[^;]*;#', '', file_get_contents($file));
    file_put_contents($file, preg_replace('#(https?:)?//fonts\.googleapis\.com/css[^)"\']*#', '/.e5b-fonts/fonts.css', $style));
}
if ($left()) {
    fwrite(STDERR, 'still asking Google for fonts: ' . implode(' ', $left()) . "\n");
    exit(1);
}
// PrestaShop 9 has neither news nor a market place of its own.
if (is_before('9')) {
    $dashboard = 'gestion/themes/default/template/controllers/dashboard/helpers/view/view.tpl';
    change($dashboard, '#<div class="col-md-12 col-lg-2">\s*<section class="dash_news.*</section>\s*</div>#s', '');
    change($dashboard, '#<div id="dashaddons".*?</div>#s', '');
    change($dashboard, '#col-md-8 col-lg-7#', 'col-md-8 col-lg-9');
    // Each screen of modules or themes asks a market place, waits, and writes in the logs that none answers.
    foreach (['src/Adapter/Addons/AddonsDataProvider.php', 'classes/Tools.php'] as $asking) {
        change($asking, '#static \$is_addons_up = true;#', 'static $is_addons_up = false;');
    }
}
// Nor does a screen ask for news, lists of countries or languages, other modules: where nobody listens, it knows at once.
change('config/defines_uri.inc.php', '#\'http://\' ?\. ?_PS_API_DOMAIN_#', "'http://127.0.0.1:9'");
change('src/Core/Language/Pack/Loader/RemoteLanguagePackLoader.php', '#file_get_contents\(\$normalizedLink\)#', "''");
if (!is_before('9')) {
    change('modules/ps_distributionapiclient/src/DistributionApi.php', "#'https://api\.prestashop-project\.org'#", "'http://127.0.0.1:9'");
}
// Since 1.7.8, portraits are the shop's own, and these modules ask for no category.
if (is_before('1.7.8')) {
    change(
        'src/PrestaShopBundle/Resources/views/Admin/Common/Grid/Columns/Content/employee_name_with_avatar.html.twig',
        "#'http://profile\.prestashop\.com/'.*?'\.jpg'#",
        "'/img/prestashop-avatar.png'"
    );
    foreach (['productcomments', 'blockreassurance'] as $module) {
        change("modules/$module/src/Addons/CategoryFetcher.php", '#\$circuitBreaker->call\(#', "(static function () { return ''; })(");
    }
}
// Whoever signs in by sign-in.php comes from an address that isn't known yet: as before PrestaShop 9, none is compared then.
if (!is_before('9')) {
    change(
        'src/PrestaShopBundle/EventListener/Admin/EmployeeSessionSubscriber.php',
        '#\$this->getIpAddressFromToken\(\) !== #',
        'null !== $this->getIpAddressFromToken() && $0'
    );
}
// What a person has the shop's server fetch comes to nothing, and the gateway is told of it; not of the network's proof.
foreach (['\$is_local_file = !preg_match.*;', '\$remoteFile = @?fopen'] as $fetches) {
    change('classes/Tools.php', "#$fetches#", "require_once '/opt/e5b/tell.php';
        if (PHP_SAPI !== 'cli' && preg_match('#^https?://(?!127\.)#', \$url)) {
            e5b_tell_of(\$url, e5b_gateway());
        }
        $0");
}
foreach (['default', 'new-theme'] as $theme) {
    file_put_contents("gestion/themes/$theme/public/theme.css", file_get_contents('/opt/e5b/office.css'), FILE_APPEND);
}
// Who asks to forget the shop's compiled parts leaves word: see hold-cache.php. PrestaShop 9 asks a class of its own, too.
$forgets = [['classes/Tools.php', '#\$dir = _PS_ROOT_DIR_ \. \'/var/cache/\' \. \$env \. \'/\';#', ' && $env === _PS_ENV_']];
if (!is_before('9')) {
    $forgets[] = ['src/Adapter/Cache/Clearer/SymfonyCacheClearer.php', '#\$this->clearCacheRequested = true;#', ''];
}
foreach ($forgets as [$file, $place, $condition]) {
    change($file, $place, "$0

        if (PHP_SAPI === 'fpm-fcgi'$condition) {
            touch(_PS_ROOT_DIR_ . '/var/cache/forget');
            Hook::exec('actionClearSf2Cache');

            return;
        }");
}
